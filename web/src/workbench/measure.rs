//! The width of an element, kept up to date.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::prelude::JsValue;

/// Width in CSS pixels of an element's content; 0 until it is on the page.
pub fn width_of(node: NodeRef<html::Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(0.0_f64);
    Effect::new(move |_| {
        let Some(element) = node.get() else {
            return;
        };
        let measured = element.clone();
        let on_resize = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            let now = f64::from(measured.client_width());
            if width.get_untracked() != now {
                set_width.set(now);
            }
        });
        let Ok(observer) = web_sys::ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&element);
        let kept = StoredValue::new_local((observer, on_resize));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
    width
}
