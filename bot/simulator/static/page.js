// The page works without this file. With it forms do not reload, and news arrives by itself.
"use strict";
(() => {
  const body = document.body;
  const notice = document.getElementById("part-notice");
  let seen = body.dataset.seen;
  document.documentElement.classList.add("scripted");

  const say = (text) => {
    const line = document.createElement("p");
    line.textContent = text;
    notice.replaceChildren(line);
  };

  // The fragments come from the same templates as the page; only what differs is touched,
  // so that a menu somebody has open and a sentence half written stay as they are.
  const drawn = new Map();
  const draw = (answer) => {
    seen = answer.seen;
    for (const [name, html] of Object.entries(answer.parts)) {
      const place = document.getElementById(`part-${name}`);
      if (!place || drawn.get(name) === html) continue;
      drawn.set(name, html);
      const fresh = document.createElement("template");
      fresh.innerHTML = html;
      const held = place.contains(document.activeElement) && place !== document.activeElement;
      if (place.matches('[role="log"]')) continueChat(place.firstElementChild, fresh.content.firstElementChild);
      else place.replaceChildren(fresh.content);
      if (held && !place.contains(document.activeElement)) place.querySelector("a, button")?.focus({ preventScroll: true });
    }
  };

  // A chat grows at its end. The lines already there stay, so that a reader hears only the new ones.
  const continueChat = (old, fresh) => {
    const wanted = [...fresh.children];
    let same = 0;
    while (same < wanted.length && old.children[same]?.isEqualNode(wanted[same])) same += 1;
    while (old.children.length > same) old.lastElementChild.remove();
    old.append(...wanted.slice(same));
  };

  const ask = async (address, options) => {
    const answer = await fetch(address, { ...options, headers: { Accept: "application/json" } });
    if (answer.status === 204) return;
    if (!answer.ok) throw new Error(String(answer.status));
    draw(await answer.json());
  };

  const look = async () => {
    try {
      await ask(`${body.dataset.live}&seen=${encodeURIComponent(seen)}`, {});
      if (body.classList.contains("lost")) notice.replaceChildren();
      body.classList.remove("lost");
    } catch {
      body.classList.add("lost");
      say(body.dataset.lost);
    }
    setTimeout(look, document.hidden ? 5000 : 1000);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-quiet]")) return;
    event.preventDefault();
    const text = form.querySelector("textarea");
    if (text && !text.value.trim()) return;
    const data = new FormData(form, event.submitter);
    const plain = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    if (form.hasAttribute("data-clear")) text.value = "";
    form.classList.add("busy");
    const slow = setTimeout(() => say(body.dataset.wait), 1500);
    try {
      // `action` may also be the name of a field, so the attribute is read.
      await ask(form.getAttribute("action"), { method: "POST", body: plain });
    } catch {
      say(body.dataset.lost);
    } finally {
      for (const file of form.querySelectorAll("[data-send]")) file.value = "";
      clearTimeout(slow);
      form.classList.remove("busy");
      if (text) text.focus({ preventScroll: true });
    }
  });

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-fill]");
    if (!chip) return;
    event.preventDefault();
    const text = document.getElementById(chip.dataset.for);
    text.value = chip.dataset.fill;
    text.focus({ preventScroll: true });
  });

  document.addEventListener("keydown", (event) => {
    const text = event.target;
    if (!text.matches("textarea") || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    text.form.requestSubmit();
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-switch]") || event.target.matches("[data-send]") && event.target.form;
    if (form) form.requestSubmit();
  });

  // On a narrow screen the tab of the phone in view is marked.
  const tabs = [...document.querySelectorAll(".tabs a")];
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const tab = tabs.find((one) => one.hash === `#${entry.target.id}`);
      tab.classList.toggle("here", entry.isIntersecting);
    }
  }, { root: document.querySelector(".phones"), threshold: 0.6 });
  for (const seat of document.querySelectorAll(".seat")) watch.observe(seat);

  setTimeout(look, 1000);
})();
