// Makes pages better; each works without it. It sends nothing anywhere but to the page's own address.
"use strict";

document.documentElement.classList.add("scripted");

document.querySelectorAll("form.language select").forEach((select) => {
  select.addEventListener("change", () => select.form.requestSubmit());
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
  let asked = 0;
  let timer = 0;

  const show = async (address) => {
    const number = ++asked;
    const answer = document.getElementById("answer");
    answer.setAttribute("aria-busy", "true");
    const response = await fetch(address).catch(() => null);
    if (number !== asked) return;
    const page = response === null ? null : new DOMParser().parseFromString(await response.text(), "text/html");
    if (number !== asked) return;
    const fresh = page === null ? null : page.getElementById("answer");
    if (fresh === null) {
      location.assign(address); // what went wrong is told on a page of its own
      return;
    }
    answer.replaceChildren(...fresh.childNodes);
    answer.removeAttribute("aria-busy");
    const [now, then] = [document.getElementById("basis"), page.getElementById("basis")];
    if (now !== null && then !== null) now.replaceWith(then);
    document.querySelectorAll("nav.site a").forEach((link, at) => {
      link.href = page.querySelectorAll("nav.site a")[at].getAttribute("href");
    });
    form.querySelectorAll(".stepper").forEach((stepper, at) => {
      const then = page.querySelectorAll(".stepper")[at].querySelectorAll(".step");
      stepper.querySelectorAll(".step").forEach((step, side) => {
        const focused = step === document.activeElement;
        step.replaceWith(then[side]);
        if (focused) (then[side].href ? then[side] : stepper.querySelector("input")).focus();
      });
    });
    history.replaceState(null, "", address);
  };

  const address = () => {
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    return `${form.getAttribute("action")}?${new URLSearchParams(fields)}`;
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(address()), 120);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(address());
  });

  form.querySelectorAll(".stepper").forEach((stepper) => {
    const days = stepper.dataset.days.split(" ").filter(Boolean);
    const end = stepper.dataset.end;
    const field = stepper.querySelector("input");
    if (days.length + (end ? 1 : 0) < 2) return;
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.max = String(end ? days.length : days.length - 1); // one beyond the last day is no limit
    slider.value = stepper.dataset.at;
    slider.setAttribute("aria-label", stepper.closest("fieldset").querySelector("legend").textContent);
    const tell = () => slider.setAttribute("aria-valuetext", days[slider.value] || end);
    tell();
    slider.addEventListener("input", () => {
      field.value = days[slider.value] || "";
      tell();
      soon();
    });
    field.addEventListener("change", soon);
    stepper.append(slider);
    stepper.addEventListener("click", (event) => {
      const step = event.target.closest("a.step");
      if (step === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      field.value = step.title;
      const at = days.indexOf(step.title);
      if (at >= 0) slider.value = String(at);
      tell();
      soon();
    });
  });
});
