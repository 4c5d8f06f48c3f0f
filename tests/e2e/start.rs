//! Arriving: the first picture, what is fetched for it, and what is not.

use serde_json::json;

use crate::browser::Kind;
use crate::page::visit;
use crate::server::SUB_PATH;

#[test]
fn the_first_pictures_come_by_themselves_and_from_this_site_alone() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        page.drawn("sheet-35");
        page.wait_text("device-name", "CPU");

        let asked = page.site.asked();
        assert!(
            asked.iter().all(|path| path.starts_with(SUB_PATH)),
            "{asked:?}"
        );
        let fetched = |part: &str| asked.iter().any(|path| path.contains(part));
        assert!(fetched("workers/cpu.js") && fetched("models/gan-fashion/"));
        // Large things wait until they are wanted.
        assert!(
            !fetched("gpu"),
            "the WebGPU worker without an adapter: {asked:?}"
        );
        assert!(
            !fetched("datasets/"),
            "data before anyone trains: {asked:?}"
        );

        // Only the policy stands between the page and other hosts for code of
        // ours that goes wrong; here is that nothing tried.
        let own = page.site.address().to_owned();
        let requests: Vec<String> = page
            .driver
            .log("performance")
            .iter()
            .filter_map(|line| {
                let message =
                    serde_json::from_str::<serde_json::Value>(line["message"].as_str()?).ok()?;
                let sent = message["message"]["method"] == "Network.requestWillBeSent";
                sent.then(|| {
                    message["message"]["params"]["request"]["url"]
                        .as_str()
                        .map(str::to_owned)
                })?
            })
            .collect();
        assert!(
            requests.iter().any(|url| url.starts_with(&own)),
            "no request seen: {requests:?}"
        );
        for url in requests {
            let inside = ["blob:", "data:", "chrome", "about:"]
                .iter()
                .any(|kind| url.starts_with(kind));
            assert!(inside || url.starts_with(&own), "a request to {url}");
        }
    });
}

#[test]
fn the_policy_stops_other_hosts_inline_scripts_and_eval() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        let script = "
            const done = arguments[arguments.length - 1];
            const seen = [];
            document.addEventListener('securitypolicyviolation', event => seen.push(event.effectiveDirective));
            const inline = document.createElement('script');
            inline.textContent = 'window.broken = true';
            document.head.append(inline);
            const image = new Image();
            image.src = 'http://127.0.0.1:9/spy.png';
            fetch('http://127.0.0.1:9/spy').catch(() => {});
            setTimeout(() => done([[...new Set(seen)].sort(), window.broken === true]), 500);";
        let answer = page.driver.run_later(script, &json!([]));
        assert_eq!(
            answer,
            json!([["connect-src", "img-src", "script-src-elem"], false])
        );
        // These errors were ours.
        page.driver.log("browser");
    });
}

#[test]
fn without_webassembly_the_page_says_so() {
    visit(Kind::Plain, "", |page| {
        // All that the page with WebAssembly asks for comes before.
        page.drawn("sheet-0");
        page.driver.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({ "source": "delete globalThis.WebAssembly" }),
        );
        let before = page.site.asked().len();
        page.open_anew("");
        let sorry = page.wait("the plain words", || {
            let text = page
                .driver
                .run("return document.body.innerText", &json!([]));
            text.as_str()
                .filter(|text| text.contains("needs WebAssembly"))
                .map(str::to_owned)
        });
        assert!(
            sorry.contains("WebAssembly") && sorry.contains("请更新浏览器"),
            "{sorry}"
        );
        // Nothing is left to be loaded in vain.
        let workers = page.site.asked()[before..]
            .iter()
            .any(|path| path.contains("workers/"));
        assert!(!workers);
        // The page's own script fails, which is no fault here, whenever it comes.
        page.wait("the script that failed", || {
            page.driver
                .log("browser")
                .iter()
                .any(|line| line["message"].to_string().contains("WebAssembly"))
                .then_some(())
        });
    });
}
