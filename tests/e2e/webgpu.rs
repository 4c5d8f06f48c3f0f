//! WebGPU on SwiftShader, a software adapter: the same answers as the CPU.

use futures::executor::block_on;
use lampwork_protocol::{
    Command, DataSet, Event, ModelCard, NetKind, Request, RunRecipe, Sampling, Sheet, Solver,
};
use lampwork_studio::{Studio, open};
use lampwork_tests::{data, recipes};
use serde_json::json;

use crate::browser::Kind;
use crate::page::visit;
use crate::workers::{Said, ask};

/// Largest difference of a pixel, in grey levels of 255.
const GREY_LEVELS: u8 = 2;
/// Largest difference of a loss, of its size; it grows as steps add up.
const LOSS: f64 = 2e-3;

/// A weights file of a net that was trained for a step, and its card.
fn trained(recipe: &RunRecipe) -> (Vec<u8>, ModelCard) {
    let (device, info) = open::cpu();
    let mut studio = Studio::new(device, info, || 0.0);
    let mut ask = |command, payload| {
        let mut answers = block_on(studio.handle(Request { id: 1, command }, payload));
        answers.pop().expect("an answer")
    };
    let bytes = data::packed(DataSet::Digits).to_bytes();
    ask(
        Command::LoadData {
            data: DataSet::Digits,
        },
        vec![bytes],
    );
    ask(
        Command::StartRun {
            recipe: recipe.clone(),
        },
        vec![],
    );
    let (reply, mut payload) = ask(Command::ExportRun, vec![]);
    let Event::Exported { card } = reply.event else {
        panic!("no export but {:?}", reply.event);
    };
    let name = "tiny".to_owned();
    (payload.remove(0), ModelCard { name, ..card })
}

/// Self-test, a sheet and three training steps of one net.
fn conversation(recipe: &RunRecipe) -> Vec<(Command, Vec<Vec<u8>>)> {
    let (bytes, card) = trained(recipe);
    let sheet = Sheet {
        model: card.name.clone(),
        weights: lampwork_weights::hash(&bytes),
        seed: 3,
        class: None,
        temperature: 1.0,
        count: 8,
        // Means nothing to nets that decode in one go.
        words: None,
        sampling: Some(Sampling {
            steps: 2,
            guidance: 2.0,
            solver: Solver::Heun,
        }),
    };
    let packed = data::packed(DataSet::Digits).to_bytes();
    vec![
        (Command::SelfTest, vec![]),
        (Command::LoadModel { card: Some(card) }, vec![bytes]),
        (
            Command::Make {
                recipes: sheet.recipes(),
            },
            vec![],
        ),
        (
            Command::LoadData {
                data: DataSet::Digits,
            },
            vec![packed],
        ),
        (
            Command::StartRun {
                recipe: recipe.clone(),
            },
            vec![],
        ),
        (Command::Step { steps: 3 }, vec![]),
    ]
}

/// The same pictures and figures; `figures` of them in three steps.
fn check(cpu: &Said, gpu: &Said, figures: usize) {
    let tested = gpu.all("SelfTested");
    let checks = tested[0]["checks"].as_array().expect("checks");
    assert!(checks.len() >= 7);
    for check in checks {
        assert!(
            check["error"].as_f64() <= check["tolerance"].as_f64(),
            "{check}"
        );
    }
    let (made, known) = (gpu.pictures(), cpu.pictures());
    assert_eq!((made.len(), known.len()), (8 * 784, 8 * 784));
    let apart = made.iter().zip(&known).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(apart <= Some(GREY_LEVELS), "{apart:?} grey levels apart");
    assert!(
        known.iter().any(|pixel| *pixel != known[0]),
        "a blank sheet"
    );

    let (made, known) = (gpu.figures(), cpu.figures());
    assert!(known.len() >= figures, "{known:?}");
    assert_eq!(made.len(), known.len());
    for ((name, made), (_, known)) in made.iter().zip(&known) {
        let apart = (made - known).abs() / known.abs().max(1.0);
        assert!(
            apart <= LOSS,
            "{name}: {made} on WebGPU and {known} on the CPU"
        );
    }
}

#[test]
fn a_vae_gives_the_same_on_webgpu_and_on_the_cpu() {
    visit(Kind::WebGpu, "", |page| {
        let asked = conversation(&recipes::vae(NetKind::Mlp, 10));
        let cpu = ask(page, "workers/cpu.js", &asked);
        let gpu = ask(page, "workers/gpu.js", &asked);
        assert_eq!(gpu.all("Ready")[0]["software"], true);
        check(&cpu, &gpu, 9);
    });
}

#[test]
fn a_dcgan_gives_the_same_on_webgpu_and_on_the_cpu() {
    visit(Kind::WebGpu, "", |page| {
        let asked = conversation(&recipes::gan(NetKind::Conv));
        let cpu = ask(page, "workers/cpu.js", &asked);
        let gpu = ask(page, "workers/gpu.js", &asked);
        check(&cpu, &gpu, 9);
    });
}

#[test]
fn a_flow_gives_the_same_on_webgpu_and_on_the_cpu() {
    visit(Kind::WebGpu, "", |page| {
        let asked = conversation(&recipes::flow());
        let cpu = ask(page, "workers/cpu.js", &asked);
        // What a browser without relaxed vectors runs.
        let plain = ask(page, "workers/cpu.js?plain", &asked);
        check(&plain, &cpu, 3);
        let gpu = ask(page, "workers/gpu.js", &asked);
        check(&cpu, &gpu, 3);
    });
}

#[test]
fn a_software_adapter_is_used_only_when_asked_for_and_the_run_goes_along() {
    visit(
        Kind::WebGpu,
        "#/workbench?family=vae&net=mlp&data=digits&width=16&batch=8&micro_batch=8",
        |page| {
            page.wait_text("device-name", "CPU");
            page.wait_text("workbench-step-count", "200");
            page.wait("a pause", || page.has("workbench-play").then_some(()));
            page.choose("device-choice", "webgpu");
            let name = page.wait_text("device-name", "software adapter");
            assert!(name.contains("burn-wgpu"), "{name}");
            page.click("workbench-step");
            page.wait_text("workbench-step-count", "201");
            page.choose("device-choice", "cpu");
            page.wait_text("device-name", "CPU");
            page.click("workbench-step");
            page.wait_text("workbench-step-count", "202");
        },
    );
}

#[test]
fn a_gpu_that_is_lost_leaves_its_run_to_the_cpu() {
    visit(
        Kind::WebGpu,
        "#/workbench?family=vae&net=mlp&data=digits&width=16&batch=8&micro_batch=8",
        |page| {
            page.wait_text("device-name", "CPU");
            page.wait_text("workbench-step-count", "200");
            page.wait("a pause", || page.has("workbench-play").then_some(()));
            page.choose("device-choice", "webgpu");
            page.wait_text("device-name", "software adapter");
            // As when a driver crashes.
            page.driver.devtools("Browser.crashGpuProcess", &json!({}));
            page.wait_text("device-name", "CPU");
            page.wait_text("workbench-notice", "gone");
            page.click("workbench-step");
            // What it had learned until it was handed over is not lost.
            page.wait("a later step", || {
                let count = page.text("workbench-step-count").parse::<u32>();
                count.is_ok_and(|count| count > 200).then_some(())
            });
            // Sent back by the graphics stack while it died.
            page.driver.log("browser");
        },
    );
}
