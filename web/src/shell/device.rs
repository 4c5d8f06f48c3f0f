//! The switch between devices, and what is in use.

use lampwork_protocol::{DeviceChoice, DeviceKind};
use leptos::prelude::*;

use crate::device::{Word, choice_name, use_devices};
use crate::failure::{size, words};
use crate::i18n::*;
use crate::link::{Link, Phase};

/// Shows the device in use, and lets the visitor choose another.
#[component]
pub fn DeviceSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let link = expect_context::<Link>();
    let devices = use_devices();
    let label = move |choice| match choice {
        DeviceChoice::Auto => t_string!(i18n, shell.device_auto),
        DeviceChoice::Cpu => t_string!(i18n, shell.device_cpu),
        DeviceChoice::WebGpu => t_string!(i18n, shell.device_webgpu),
    };
    let choose = move |event| {
        link.switch(match event_target_value(&event).as_str() {
            "cpu" => DeviceChoice::Cpu,
            "webgpu" => DeviceChoice::WebGpu,
            _ => DeviceChoice::Auto,
        });
    };
    let standing = move || match devices.phase.get() {
        Phase::Fetching(received, total) if total > 0.0 => {
            let (received, total) = (size(received), size(total));
            t_string!(
                i18n,
                shell.device_fetching_of,
                received = received,
                total = total
            )
        }
        Phase::Fetching(0.0, _) => t_string!(i18n, shell.device_starting).to_owned(),
        Phase::Fetching(received, _) => {
            let received = size(received);
            t_string!(i18n, shell.device_fetching, received = received)
        }
        Phase::Preparing => t_string!(i18n, shell.device_preparing).to_owned(),
        Phase::Dead(_) => t_string!(i18n, shell.device_dead).to_owned(),
        Phase::Ready(_) => match link.device().get() {
            Some(device) => {
                let software = device.software && device.kind == DeviceKind::WebGpu;
                let software = if software {
                    format!(" · {}", t_string!(i18n, shell.device_software))
                } else {
                    String::new()
                };
                format!("{} · {}{software}", device.name, device.backend)
            }
            None => t_string!(i18n, shell.device_starting).to_owned(),
        },
    };
    view! {
        <div class="device" data-testid="device">
            <span class="device-lamp" class:lit=move || link.device().get().is_some() aria-hidden="true"></span>
            <span class="device-name" data-testid="device-name" title=standing>
                {standing}
            </span>
            <select
                aria-label=move || t_string!(i18n, shell.device)
                data-testid="device-choice"
                prop:value=move || choice_name(link.choice().get())
                on:change=choose
            >
                {[DeviceChoice::Auto, DeviceChoice::Cpu, DeviceChoice::WebGpu]
                    .map(|choice| {
                        view! {
                            <option value=choice_name(choice)>{move || label(choice)}</option>
                        }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

/// What there is to say about the device; polite, and gone when dismissed.
#[component]
pub fn DeviceWord() -> impl IntoView {
    let i18n = use_i18n();
    let devices = use_devices();
    let body = move || {
        devices.word.get().map(|word| match word {
            Word::Trying => (t_string!(i18n, shell.device_trying).to_owned(), None, false),
            Word::Switching => (
                t_string!(i18n, shell.device_switching).to_owned(),
                None,
                false,
            ),
            Word::FellBack(failure) => {
                let (what, hint) = words(i18n, &failure);
                (what, Some(hint), true)
            }
            Word::Lost(reason) => (
                t_string!(i18n, shell.device_lost, reason = reason),
                None,
                true,
            ),
        })
    };
    view! {
        <div class="device-word" role="status" data-testid="device-word">
            {move || {
                body()
                    .map(|(what, hint, stays)| {
                        view! {
                            <p>
                                {what} " " {hint.map(|hint| view! { <span class="hint">{hint}</span> })}
                            </p>
                            {stays
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="button quiet"
                                            data-testid="device-dismiss"
                                            on:click=move |_| devices.word.set(None)
                                        >
                                            {t!(i18n, shell.dismiss)}
                                        </button>
                                    }
                                })}
                        }
                    })
            }}
        </div>
    }
}
