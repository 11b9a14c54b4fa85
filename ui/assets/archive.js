// Adding to the archive and removing from it: files and addresses go to the server one after the other, each with its
// progress and what came of it, and the list behind is drawn anew. Text made here goes through textContent; what
// the server sends arrives escaped.
(() => {
  "use strict";
  const language = document.documentElement.lang;
  const byId = (id) => document.getElementById(id);
  const own = { "X-Gazette": "page" };
  const queue = [];
  let isWorking = false;

  function start() {
    reveal(document);
    const intake = byId("intake");
    if (!intake) return;
    intake.hidden = false;
    byId("intake-files").addEventListener("change", (event) => {
      takeFiles(event.target.files);
      event.target.value = "";
    });
    byId("intake-address").addEventListener("submit", (event) => {
      event.preventDefault();
      const input = event.target.querySelector("input");
      enqueue(input.value, sendAddress);
      input.value = "";
    });
    // Anywhere on the page will do; a file dropped beside the field would else be opened in its place.
    for (const name of ["dragenter", "dragover"]) document.addEventListener(name, hover);
    document.addEventListener("dragleave", (event) => event.relatedTarget || intake.classList.remove("hovered"));
    document.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      intake.classList.remove("hovered");
      takeFiles(event.dataTransfer.files);
    });
  }

  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  function hover(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    byId("intake").open = true;
    byId("intake").classList.add("hovered");
  }

  function reveal(part) {
    part.querySelectorAll("button.remove").forEach((button) => (button.hidden = false));
  }

  // --- adding --------------------------------------------------------------------------------------------

  function takeFiles(files) {
    for (const file of files) enqueue(file.name, (item) => sendFile(file, item));
  }

  function enqueue(name, send) {
    const item = document.createElement("li");
    const [title, state] = [document.createElement("bdi"), document.createElement("span")];
    title.textContent = name;
    state.className = "state";
    state.textContent = byId("intake").dataset.waiting;
    item.append(title, " ", state);
    item.dataset.name = name;
    byId("intake").open = true;
    byId("intake-results").append(item);
    queue.push({ item, send });
    if (!isWorking) void work();
  }

  async function work() {
    isWorking = true;
    byId("intake-state").textContent = "";
    while (queue.length) {
      const { item, send } = queue.shift();
      await send(item);
      item.querySelector(".state")?.remove();
      await refresh();
    }
    isWorking = false;
    byId("intake-state").textContent = byId("intake").dataset.done;
  }

  function sendFile(file, item) {
    const said = byId("intake").dataset;
    if (file.size > Number(said.largest)) return fail(item, said.tooLarge);
    const state = item.querySelector(".state");
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const query = new URLSearchParams({ name: file.name.slice(-1000) });
      request.open("POST", `/${language}/archive/files?${query}`);
      request.setRequestHeader("X-Gazette", own["X-Gazette"]);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = ({ loaded, total }) => {
        state.textContent = loaded < total ? `${said.sending} ${Math.round((100 * loaded) / total)} %` : said.reading;
      };
      request.upload.onload = () => (state.textContent = said.reading);
      request.onload = () => resolve(show(item, request.getResponseHeader("Content-Type"), request.responseText));
      request.onerror = () => resolve(fail(item, said.unreachable));
      request.send(file);
    });
  }

  async function sendAddress(item) {
    const said = byId("intake").dataset;
    item.querySelector(".state").textContent = said.reading;
    try {
      const headers = { ...own, "Content-Type": "application/json" };
      const body = JSON.stringify({ address: item.dataset.name });
      const response = await fetch(`/${language}/archive/addresses`, { method: "POST", headers, body });
      show(item, response.headers.get("Content-Type"), await response.text());
    } catch {
      fail(item, said.unreachable);
    }
  }

  // What is said of an article is our HTML; refusals of the guard are not.
  function show(item, type, body) {
    if (!type?.startsWith("text/html")) return fail(item, byId("intake").dataset.unreachable);
    const part = document.createElement("div");
    part.innerHTML = body;
    part.querySelector(".notice")?.removeAttribute("id"); // there may be several
    item.append(part);
  }

  function fail(item, words) {
    const line = document.createElement("p");
    line.className = "notice";
    line.textContent = words;
    item.append(line);
  }

  // The list, the count and the pictures as they are now; the rest of the page stays.
  async function refresh() {
    const listing = byId("listing");
    if (!listing) return;
    try {
      const response = await fetch(location.href);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById("listing");
      if (!response.ok || !fresh) return;
      reveal(fresh);
      listing.replaceWith(document.adoptNode(fresh));
    } catch {
      // The outcome is shown; a reload brings the list.
    }
  }

  // --- removing ------------------------------------------------------------------------------------------

  async function remove(button) {
    const said = button.querySelector(".said");
    if (!button.matches(".sure")) {
      button.classList.add("sure");
      said.textContent = button.dataset.sure;
      return;
    }
    button.disabled = true;
    try {
      const headers = { ...own, "Content-Type": "application/json" };
      const body = JSON.stringify({ article: button.dataset.article });
      const response = await fetch(`/${language}/archive/remove`, { method: "POST", headers, body });
      if (!response.ok && response.status !== 404) throw new Error(response.statusText);
    } catch {
      button.disabled = false;
      said.textContent = button.dataset.failed;
      return;
    }
    if (!byId("listing")) return void (location.href = `/${language}/archive`);
    await refresh();
    byId("count").focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button.remove");
    if (button) void remove(button);
  });
  document.addEventListener("focusout", (event) => {
    const button = event.target.closest?.("button.remove.sure");
    if (button && !button.disabled) {
      button.classList.remove("sure");
      button.querySelector(".said").textContent = button.dataset.said;
    }
  });
  start();
})();
