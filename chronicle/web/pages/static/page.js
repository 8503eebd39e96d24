// Makes pages better; each works without it. It sends nothing anywhere but to the page's own address.
"use strict";

document.documentElement.classList.add("scripted");

document.querySelectorAll("form.language select").forEach((select) => {
  select.addEventListener("change", () => {
    const address = new URL(location.href); // a slider may have changed it
    address.searchParams.set("lang", select.value);
    location.assign(address);
  });
});

/* What a date means, while it is written. */
document.querySelectorAll("input[data-edtf]").forEach((input) => {
  const output = document.createElement("output");
  input.after(output);
  let asked = 0;
  let timer = 0;
  const ask = async () => {
    const text = input.value.trim();
    const number = ++asked;
    if (text === "") {
      output.textContent = "";
      input.removeAttribute("aria-invalid");
      return;
    }
    const lang = document.documentElement.lang;
    const answer = await fetch(`/dates?${new URLSearchParams({ text, lang })}`).catch(() => null);
    if (answer === null || !answer.ok || number !== asked) return;
    const told = await answer.json();
    const bounds = told.valid ? ` (${told.earliest || "?"} – ${told.latest || "?"})` : "";
    output.textContent = told.phrase + bounds;
    output.classList.toggle("wrong", !told.valid);
    input.setAttribute("aria-invalid", String(!told.valid));
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  ask();
});

/* Sliders, which change the state beside them without another page. */
document.querySelectorAll("form[data-basis]").forEach((form) => {
  const steppers = [...form.querySelectorAll(".stepper")];
  const sliders = new Map();
  let asked = 0;
  let timer = 0;

  const days = (stepper) => stepper.dataset.days.split(" ").filter(Boolean);

  const settle = (stepper) => {
    const slider = sliders.get(stepper);
    const last = days(stepper).length - (stepper.dataset.end ? 0 : 1); // one beyond the last day is no limit
    slider.max = String(Math.max(last, 0));
    slider.value = stepper.dataset.at;
    slider.hidden = last < 1;
    slider.setAttribute("aria-valuetext", days(stepper)[slider.value] || stepper.dataset.end);
  };

  const show = async (moved) => {
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    const address = `${form.getAttribute("action")}?${new URLSearchParams(fields)}`;
    const number = ++asked;
    const answer = document.getElementById("answer");
    answer.setAttribute("aria-busy", "true");
    const response = await fetch(address).catch(() => null);
    const text = response === null ? null : await response.text().catch(() => null);
    if (number !== asked) return;
    const page = new DOMParser().parseFromString(text ?? "", "text/html");
    const fresh = page.getElementById("answer");
    if (fresh === null) {
      location.assign(address); // what went wrong is told on a page of its own
      return;
    }
    answer.replaceChildren(...fresh.childNodes);
    answer.removeAttribute("aria-busy");
    document.getElementById("basis").replaceWith(page.getElementById("basis"));
    const links = page.querySelectorAll("nav.site a");
    document.querySelectorAll("nav.site a").forEach((link, at) => {
      link.href = links[at].getAttribute("href");
    });
    const then = page.querySelectorAll("form[data-basis] .stepper");
    steppers.forEach((stepper, at) => {
      const steps = then[at].querySelectorAll(".step");
      stepper.querySelectorAll(".step").forEach((step, side) => {
        const focused = step === document.activeElement;
        step.replaceWith(steps[side]);
        if (focused) (steps[side].href ? steps[side] : stepper.querySelector("input")).focus();
      });
      if (stepper === moved) return; // it is where the hand is
      Object.assign(stepper.dataset, then[at].dataset);
      settle(stepper);
    });
    history.replaceState(null, "", address);
  };

  const soon = (moved) => {
    clearTimeout(timer);
    timer = setTimeout(() => show(moved), 120);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });

  steppers.forEach((stepper) => {
    const field = stepper.querySelector("input");
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.setAttribute("aria-label", stepper.closest("fieldset").querySelector("legend").textContent);
    sliders.set(stepper, slider);
    settle(stepper);
    stepper.append(slider);
    slider.addEventListener("input", () => {
      field.value = days(stepper)[slider.value] || "";
      slider.setAttribute("aria-valuetext", field.value || stepper.dataset.end);
      soon(stepper);
    });
    field.addEventListener("change", () => soon());
    stepper.addEventListener("click", (event) => {
      const step = event.target.closest("a.step");
      if (step === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      field.value = step.title;
      soon();
    });
  });
});

/* The description of the service: requests to copy, and a field that leaves some operations. */
document.querySelectorAll("[data-api]").forEach((api) => {
  api.querySelectorAll("[data-copy]").forEach((sample) => {
    if (!navigator.clipboard) return; // only where the page came over HTTPS or from this machine
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(sample.textContent.trim());
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    sample.parentElement.querySelector("figcaption").append(button);
  });
  const label = document.createElement("label");
  const field = document.createElement("input");
  field.type = "search";
  label.className = "find";
  label.append("Find an operation", field);
  const contents = api.querySelector(".contents");
  contents.prepend(label);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    contents.querySelectorAll("[data-operation]").forEach((item) => {
      const operation = document.getElementById(item.dataset.operation);
      const text = operation.textContent.toLowerCase();
      item.hidden = operation.hidden = !words.every((word) => text.includes(word));
    });
  });
  const reveal = () => {
    const told = document.getElementById(location.hash.slice(1));
    if (told instanceof HTMLDetailsElement) told.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
});
