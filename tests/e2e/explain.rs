//! How it works, in its room and beside a model.

use crate::browser::Kind;
use crate::page::visit;

#[test]
fn every_family_is_drawn_and_leads_to_the_workbench() {
    visit(Kind::Plain, "#/how", |page| {
        page.wait("the VAE", || page.has("explain-vae").then_some(()));
        page.click("explain-family-gan");
        page.wait("the GAN", || page.has("explain-gan").then_some(()));
        page.click("explain-family-flow");
        page.wait("the flow", || page.has("explain-flow").then_some(()));
        page.click("explain-family-style");
        page.wait("the style GAN", || page.has("explain-style").then_some(()));
        page.click("explain-family-vae");
        page.wait("the VAE", || page.has("explain-vae").then_some(()));
        page.click("explain-train");
        page.until("the address", &true, || {
            page.address().contains("#/workbench?family=vae")
        });
        page.wait("its drawing beside the run", || {
            page.has("explain").then_some(())
        });
    });
}

#[test]
fn it_stands_beside_the_model_in_pictures() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        page.with(
            "pictures-how",
            "arguments[0].querySelector('summary').click()",
        );
        page.wait("the GAN", || page.has("explain-gan").then_some(()));
    });
}
