"use strict";
// The telephone desk: looks up what is known at each word, files by one key, and loads no page in between.
(() => {
  const QUIET = 40; // milliseconds after a key before it is looked up
  const form = document.getElementById("call");
  const found = document.getElementById("found");
  const filed = document.getElementById("filed");
  const next = document.getElementById("next");
  const { phone, text, leaf } = form.elements;
  const read = ["who", "when", "where", "how"];
  const edited = new Set();
  let timer = 0;
  let asked = 0;

  async function ask(path) {
    const body = new URLSearchParams(new FormData(form));
    body.set("part", "1");
    const answer = await fetch(path, { method: "POST", body, credentials: "same-origin", redirect: "error" });
    return answer.ok ? answer.text() : null;
  }

  function fill() {
    const told = document.getElementById("read");
    if (!told) return;
    for (const name of read) {
      if (!edited.has(name)) form.elements[name].value = told.dataset[name];
    }
    const chosen = leaf.value;
    leaf.length = 1;
    for (const one of document.querySelectorAll("#leaves li")) {
      leaf.add(new Option(one.textContent, one.dataset.leaf, false, one.dataset.leaf === chosen));
    }
  }

  async function look() {
    const mine = ++asked;
    const part = await ask("/console/desk/look").catch(() => null);
    if (part === null || mine !== asked) return; // a later key was quicker
    found.innerHTML = part;
    fill();
    document.dispatchEvent(new Event("looked"));
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(look, QUIET);
  }

  async function file() {
    if (!text.value.trim()) return text.focus();
    clearTimeout(timer);
    asked++;
    const part = await ask(form.getAttribute("action")).catch(() => null);
    if (part === null) return form.submit();
    filed.innerHTML = part;
    const done = filed.querySelector("[data-once]");
    if (!done) return undefined;
    form.elements.once.value = done.dataset.once;
    clear([text, ...read.slice(1).map((name) => form.elements[name])]);
    next.hidden = false;
    text.focus();
    return look();
  }

  function clear(fields) {
    for (const one of fields) one.value = "";
    leaf.value = form.elements.handed.value = "";
    edited.clear();
  }

  text.addEventListener("input", soon);
  phone.addEventListener("input", soon);
  for (const name of read) form.elements[name].addEventListener("input", () => edited.add(name));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter && event.submitter.id === "look") look();
    else file();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      file();
    } else if (event.key === "Escape" && !next.hidden) {
      location.assign("/console/desk");
    }
  });
  next.addEventListener("click", () => location.assign("/console/desk"));
})();
