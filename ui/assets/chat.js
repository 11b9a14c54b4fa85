// The page's own behaviour: citations open their article beside the conversation, examples are asked, the
// answer is read out sentence by sentence, and the view follows the answer while it grows.
//
// Gradio replaces the HTML of a block whenever its value changes, so listeners sit on the document and state
// (which citation is open) is put back by id after each change. Text from the server arrives escaped; text
// made here goes through textContent.
(() => {
  "use strict";
  const language = document.currentScript.dataset.language;
  document.documentElement.lang = language;

  const wide = window.matchMedia("(min-width: 900px)");
  const byId = (id) => document.getElementById(id);
  let openId = ""; // the id of the chip or title whose article is open
  let request = null;

  // --- the article beside the conversation ---------------------------------------------------------------

  async function openSource(opener) {
    const panel = byId("source");
    const body = panel.querySelector(".source-body");
    const { article, start, end, check, number } = opener.dataset;
    openId = opener.id;
    markOpener();
    hideCard();
    panel.querySelector(".source-label").textContent = number
      ? panel.dataset.number.replace("#", number)
      : panel.dataset.article;
    panel.querySelector(".to-quote").hidden = true;
    showDoubt();
    say(body, panel.dataset.loading);
    show(panel);

    const query = new URLSearchParams({ article, language });
    if (check) Object.entries({ start, end, check }).forEach(([name, value]) => query.set(name, value));
    request?.abort();
    const mine = (request = new AbortController());
    try {
      const response = await fetch(`/source?${query}`, { signal: mine.signal });
      // Refusals of the guard are plain text; all that is about an article, its absence too, is our HTML.
      const isOurs = response.headers.get("content-type")?.startsWith("text/html");
      if (isOurs) body.innerHTML = await response.text();
      else say(body, panel.dataset.unreachable);
    } catch (error) {
      if (error.name !== "AbortError") say(body, panel.dataset.unreachable);
      return;
    }
    panel.querySelector(".to-quote").hidden = !body.querySelector("mark");
    (byId("source-title") ?? body).focus({ preventScroll: true });
    if (!toQuote()) body.scrollTop = 0;
  }

  function show(panel) {
    if (panel.open && panel.matches(":modal") === wide.matches) panel.close();
    // Beside the conversation on a wide window; a sheet over it, which holds the focus, on a narrow one.
    if (!panel.open) wide.matches ? panel.show() : panel.showModal();
    document.body.classList.add("source-open");
  }

  function closeSource() {
    const panel = byId("source");
    request?.abort();
    if (panel.open) panel.close();
  }

  function sourceClosed() {
    document.body.classList.remove("source-open");
    const opener = openId ? byId(openId) : null;
    openId = "";
    markOpener();
    opener?.focus({ preventScroll: true });
  }

  function toQuote() {
    const body = byId("source").querySelector(".source-body");
    const mark = body.querySelector("mark");
    if (!mark) return false;
    const above = mark.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop;
    // A quote near the beginning leaves the head of the article in view.
    const fitsBelowHead = above + mark.offsetHeight < body.clientHeight * 0.75;
    body.scrollTop = fitsBelowHead ? 0 : above - body.clientHeight / 4;
    return true;
  }

  function markOpener() {
    document.querySelectorAll(".citation[aria-expanded=true]").forEach((chip) => {
      if (chip.id !== openId) chip.setAttribute("aria-expanded", "false");
    });
    const opener = openId ? byId(openId) : null;
    if (opener?.matches(".citation")) opener.setAttribute("aria-expanded", "true");
  }

  function say(place, words) {
    const line = document.createElement("p");
    line.className = "notice";
    line.id = "source-title";
    line.textContent = words;
    place.replaceChildren(line);
  }

  // --- the card over a citation --------------------------------------------------------------------------

  function showCard(chip) {
    const card = byId("card");
    if (!card || !chip.dataset.quote) return;
    const [head, quote] = [document.createElement("strong"), document.createElement("q")];
    head.textContent = chip.dataset.card;
    quote.textContent = chip.dataset.quote;
    card.replaceChildren(head, quote);
    card.hidden = false;
    const spot = chip.getBoundingClientRect();
    const [width, height] = [card.offsetWidth, card.offsetHeight];
    const left = Math.min(Math.max(8, spot.left - 24), window.innerWidth - width - 8);
    const top = spot.top > height + 16 ? spot.top - height - 8 : spot.bottom + 8;
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  }

  function hideCard() {
    const card = byId("card");
    if (card) card.hidden = true;
  }

  // --- asking --------------------------------------------------------------------------------------------

  function fillBox(words) {
    const box = document.querySelector("#question-box textarea");
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }

  function ask(words) {
    if (byId("send")?.offsetParent == null) return; // an answer is being written
    fillBox(words);
    // Gradio takes the value over in its next turn.
    window.setTimeout(() => byId("send").click(), 60);
  }

  let repeatSent = {};

  // The page keeps nothing of a conversation but its id, and that in its address: a copied tab is the same one.
  function conversationId() {
    return new URLSearchParams(location.search).get("conversation") ?? "";
  }

  function ownConversationId() {
    if (!conversationId()) {
      const id = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
      history.replaceState(null, "", `${location.pathname}?conversation=${id}`);
    }
    return conversationId();
  }

  // What the server is sent beside what stands in Gradio's own fields.
  window.gazette = {
    asking: () => JSON.stringify({ ...filters(), conversation: ownConversationId() }),
    repeating: () => JSON.stringify({ ...repeatSent, conversation: conversationId() }),
    opening: () => JSON.stringify({ conversation: conversationId() }),
  };

  function askAgain(repeat) {
    if (byId("send")?.offsetParent == null) return; // an answer is being written
    repeatSent = repeat;
    byId("again").click();
  }

  // --- filters ---------------------------------------------------------------------------------------------

  const filterIds = { source: "filter-source", since: "filter-since", until: "filter-until" };

  function filters() {
    return Object.fromEntries(Object.entries(filterIds).map(([name, id]) => [name, byId(id)?.value ?? ""]));
  }

  function countFilters() {
    const count = document.querySelector(".filter-count");
    const set = Object.values(filterIds).filter((id) => byId(id)?.value).length;
    count.textContent = set ? count.dataset.said.replace("#", set) : "";
  }

  function clearFilters() {
    Object.values(filterIds).forEach((id) => (byId(id).value = ""));
    countFilters();
  }

  // --- a period drawn in the timeline ------------------------------------------------------------------------

  const marginShare = 0.02; // as ui/rendering/timeline.py draws it
  let drawn = null; // the svg, and where the brush was put down

  function dayAt(svg, share) {
    const [first, last] = [svg.dataset.first, svg.dataset.last].map((day) => Date.parse(day));
    const place = Math.min(1, Math.max(0, (share - marginShare) / (1 - 2 * marginShare)));
    return new Date(first + place * (last - first)).toISOString().slice(0, 10);
  }

  function brushTo(clientX) {
    const { svg, from } = drawn;
    const box = svg.getBoundingClientRect();
    const to = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    const brush = svg.querySelector(".brush");
    brush.setAttribute("x", `${start * 100}%`);
    brush.setAttribute("width", `${(end - start) * 100}%`);
    const button = svg.closest(".timeline").querySelector(".ask-period");
    const isPeriod = (end - start) * box.width >= 4; // less is a click
    button.hidden = !isPeriod;
    [button.dataset.since, button.dataset.until] = [dayAt(svg, start), dayAt(svg, end)];
    button.querySelector(".period").textContent = `${button.dataset.since} – ${button.dataset.until}`;
  }

  document.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest?.(".timeline svg");
    if (!svg || event.button) return;
    const box = svg.getBoundingClientRect();
    drawn = { svg, from: Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) };
    svg.setPointerCapture(event.pointerId);
    brushTo(event.clientX);
  });
  document.addEventListener("pointermove", (event) => drawn && brushTo(event.clientX));
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (drawn = null));

  function askPeriod(button) {
    const { since, until } = button.dataset;
    // The questions that follow keep to the same days, as the count beside the box shows.
    [byId(filterIds.since).value, byId(filterIds.until).value] = [since, until];
    countFilters();
    askAgain({ position: Number(button.closest(".timeline").dataset.position), since, until });
  }

  // --- editing a question where it stands ------------------------------------------------------------------

  function startEditing(opener) {
    const turn = opener.closest(".turn");
    if (turn.querySelector(".edit-box")) return;
    const said = byId("source").dataset;
    const [box, words, buttons] = ["div", "textarea", "div"].map((tag) => document.createElement(tag));
    box.className = "edit-box";
    box.dataset.position = opener.dataset.position;
    words.value = opener.dataset.question;
    words.setAttribute("aria-label", said.edit);
    buttons.className = "edit-buttons";
    for (const [name, label] of [["edit-cancel", said.cancel], ["edit-ask", said.ask]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = name;
      button.textContent = label;
      buttons.append(button);
    }
    box.append(words, buttons);
    turn.classList.add("editing");
    turn.querySelector(".question").before(box);
    words.focus();
    words.setSelectionRange(words.value.length, words.value.length);
  }

  function stopEditing(box) {
    const turn = box.closest(".turn");
    box.remove();
    turn.classList.remove("editing");
    turn.querySelector(".actions .edit").focus();
  }

  function askEdited(box) {
    const question = box.querySelector("textarea").value;
    if (question.trim()) askAgain({ position: Number(box.dataset.position), question });
  }

  // --- who is signed in --------------------------------------------------------------------------------------

  const fetchAnything = window.fetch;

  // A session ends while its page is still open: whatever asks the server finds out, Gradio too, and the page says so.
  window.fetch = async (...asked) => {
    const response = await fetchAnything(...asked);
    if (response.status === 401) showSignedOut();
    return response;
  };

  function showSignedOut() {
    const notice = byId("signed-out");
    if (!notice) return;
    const next = location.pathname + location.search;
    document.querySelectorAll("dialog:modal").forEach((dialog) => dialog.close()); // the notice would be behind it
    notice.querySelector("a").href = `/login?next=${encodeURIComponent(next)}`;
    notice.hidden = false;
  }

  // --- the conversations kept on the server ------------------------------------------------------------------

  let listRequest = null;

  async function listKept() {
    const [panel, list] = [byId("kept"), byId("kept-list")];
    const query = new URLSearchParams({ language, words: byId("kept-words").value.slice(0, 200) });
    listRequest?.abort();
    const mine = (listRequest = new AbortController());
    try {
      const response = await fetch(`/conversations?${query}`, { signal: mine.signal });
      if (!response.ok) throw new Error(response.statusText);
      list.innerHTML = await response.text();
      for (const item of list.querySelectorAll(`[data-conversation="${CSS.escape(conversationId())}"]`)) {
        item.querySelector(".kept-title").setAttribute("aria-current", "page");
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      say(list, panel.dataset.unreachable);
    }
  }

  function showKept() {
    byId("kept-words").value = "";
    byId("kept").showModal();
    return listKept();
  }

  async function change(item, what, body) {
    const headers = { "Content-Type": "application/json", "X-Gazette": "page" };
    const address = `/conversations/${item.dataset.conversation}/${what}`;
    try {
      await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
    } catch {
      return say(byId("kept-list"), byId("kept").dataset.unreachable);
    }
    if (what === "delete" && item.dataset.conversation === conversationId()) byId("new").click();
    await listKept();
    byId("kept-words").focus();
  }

  async function changeSharing(button, what) {
    const item = button.closest("li");
    const id = item.dataset.conversation;
    await change(item, what, {});
    // The list is new: the focus stays with the conversation that was shared, or is no longer.
    document.querySelector(`#kept [data-conversation="${CSS.escape(id)}"] :is(.copy-link, .share)`)?.focus();
  }

  function copyLink(button) {
    const said = byId("kept").dataset;
    const link = button.closest(".kept-shared").querySelector(".shared-link").href;
    return copyWords(link, button, said.copied, said.failed);
  }

  function startRenaming(button) {
    const title = button.closest("li").querySelector(".kept-title");
    const input = document.createElement("input");
    input.className = "kept-rename";
    input.value = button.dataset.title;
    input.setAttribute("aria-label", byId("kept").dataset.rename);
    title.replaceWith(input);
    input.select();
  }

  function confirmDeleting(button) {
    if (button.matches(".sure")) return void change(button.closest("li"), "delete", {});
    button.classList.add("sure");
    button.textContent = button.dataset.sure;
  }

  // --- what a reader thinks of an answer, and of a citation ----------------------------------------------------

  const feedbackOf = (turn) => JSON.parse(turn?.dataset.feedback || "[]");
  const saidOf = (turn, citation) => feedbackOf(turn).find((one) => one.citation === citation);

  // The turn's own attribute says what was said; buttons, notes and chips follow it.
  function showFeedback(turn) {
    const said = saidOf(turn, 0);
    turn.querySelectorAll(".actions .judge").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.verdict === said?.verdict));
    });
    showNote(turn.querySelector(".judge-note"), said);
    turn.querySelectorAll("button.citation").forEach((chip) => {
      const isDoubted = Boolean(saidOf(turn, Number(chip.dataset.number)));
      chip.classList.toggle("doubted", isDoubted);
      chip.dataset.label ??= chip.getAttribute("aria-label");
      chip.setAttribute("aria-label", chip.dataset.label + (isDoubted ? ` (${byId("source").dataset.doubted})` : ""));
    });
  }

  function showNote(box, said) {
    if (!box) return;
    if (box.hidden !== !said) box.querySelector(".note-state").textContent = "";
    box.hidden = !said;
    const input = box.querySelector("input");
    if (document.activeElement !== input) input.value = said?.note ?? "";
  }

  function openCitation() {
    const opener = openId ? byId(openId) : null;
    const turn = opener?.closest(".turn");
    return turn && opener.dataset.number ? { turn, citation: Number(opener.dataset.number) } : null;
  }

  function showDoubt() {
    const place = document.querySelector(".source-judge");
    const open = openCitation();
    place.hidden = !open || !conversationId();
    const said = open ? saidOf(open.turn, open.citation) : undefined;
    place.querySelector(".judge-citation").setAttribute("aria-pressed", String(Boolean(said)));
    showNote(place.querySelector(".judge-note"), said);
  }

  async function judge(turn, citation, verdict, note, box) {
    const position = Number(turn.id.replace("turn-", ""));
    const state = box.querySelector(".note-state");
    const headers = { "Content-Type": "application/json", "X-Gazette": "page" };
    const body = JSON.stringify({ position, citation, verdict, note });
    try {
      const address = `/conversations/${conversationId()}/feedback`;
      const response = await fetch(address, { method: "POST", headers, body });
      if (!response.ok) throw new Error(response.statusText);
    } catch {
      box.hidden = false;
      state.textContent = state.dataset.failed;
      return;
    }
    const others = feedbackOf(turn).filter((one) => one.citation !== citation);
    turn.dataset.feedback = JSON.stringify(verdict ? [...others, { verdict, citation, note }] : others);
    showFeedback(turn);
    showDoubt();
    state.textContent = verdict ? state.dataset.saved : "";
  }

  function judgeAnswer(button) {
    const turn = button.closest(".turn");
    const box = turn.querySelector(".judge-note");
    const isTakenBack = button.getAttribute("aria-pressed") === "true";
    return judge(turn, 0, isTakenBack ? "" : button.dataset.verdict, isTakenBack ? "" : box.querySelector("input").value, box);
  }

  function judgeCitation(button) {
    const { turn, citation } = openCitation();
    const isTakenBack = button.getAttribute("aria-pressed") === "true";
    return judge(turn, citation, isTakenBack ? "" : "wrong", "", byId("source-note"));
  }

  function saveNote(box) {
    const open = box.id === "source-note" ? openCitation() : { turn: box.closest(".turn"), citation: 0 };
    const said = saidOf(open.turn, open.citation);
    if (said) void judge(open.turn, open.citation, said.verdict, box.querySelector("input").value, box);
  }

  // --- copying ---------------------------------------------------------------------------------------------

  async function copyWords(words, button, copied, failed) {
    const label = button.textContent;
    let isCopied = true;
    try {
      // Browsers hand out their clipboard on this machine and under https alone; elsewhere the old way is left.
      if (navigator.clipboard) await navigator.clipboard.writeText(words);
      else isCopied = copyTheOldWay(words);
    } catch {
      isCopied = copyTheOldWay(words);
    }
    button.textContent = isCopied ? copied : failed;
    announce(button.textContent);
    window.setTimeout(() => (button.textContent = label), 2500);
  }

  function copyTheOldWay(words) {
    const before = document.activeElement;
    const area = document.createElement("textarea");
    area.className = "unseen";
    area.value = words;
    // Behind an open dialog nothing can be selected.
    (document.querySelector("dialog:modal") ?? document.querySelector(".gradio-container")).append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    before?.focus({ preventScroll: true });
    return isCopied;
  }

  // --- events --------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    const opener = at("button.citation, .open-article");
    if (opener) return void openSource(opener);
    const example = at(".example");
    if (example) return ask(example.textContent);
    if (at(".show-kept")) return void showKept();
    if (at("#kept .close")) return byId("kept").close();
    if (at("#kept .rename")) return startRenaming(at(".rename"));
    if (at("#kept .delete")) return confirmDeleting(at(".delete"));
    if (at("#kept .share")) return void changeSharing(at(".share"), "share");
    if (at("#kept .unshare")) return void changeSharing(at(".unshare"), "unshare");
    if (at("#kept .copy-link")) return void copyLink(at(".copy-link"));
    if (event.target.id === "kept") return byId("kept").close();
    if (at("#new")) history.replaceState(null, "", location.pathname);
    const other = at("a.language");
    if (other) other.href = other.getAttribute("href").split("?")[0] + location.search;
    if (at(".filter-clear")) return clearFilters();
    if (!at("#more-filters")) byId("more-filters")?.removeAttribute("open");
    const period = at(".ask-period");
    if (period) return askPeriod(period);
    const retry = at(".actions .retry");
    if (retry) return askAgain({ position: Number(retry.dataset.position) });
    const edit = at(".actions .edit");
    if (edit) return startEditing(edit);
    const copier = at(".actions .copy");
    if (copier) {
      const { markdown, copied, failed } = copier.dataset;
      return void copyWords(markdown, copier, copied, failed);
    }
    if (at(".actions .judge")) return void judgeAnswer(at(".judge"));
    if (at(".judge-citation")) return void judgeCitation(at(".judge-citation"));
    if (at(".save-note")) return saveNote(at(".judge-note"));
    if (at(".edit-ask")) return askEdited(at(".edit-box"));
    if (at(".edit-cancel")) return stopEditing(at(".edit-box"));
    const leaveOut = at(".leave-out");
    if (leaveOut) return askAgain({ position: Number(leaveOut.dataset.position), leave_out: leaveOut.dataset.leaveOut });
    if (at(".source .close")) return closeSource();
    if (at(".source .to-quote")) return void toQuote();
    const mark = at("button.support");
    if (mark) {
      const why = byId(mark.getAttribute("aria-controls"));
      why.hidden = !why.hidden;
      mark.setAttribute("aria-expanded", String(!why.hidden));
    }
    if (at(".skip")) {
      event.preventDefault();
      document.querySelector("#question-box textarea")?.focus();
    }
    // A click beside the sheet closes it; the dialog itself is only hit there.
    if (event.target.id === "source" && event.target.matches(":modal")) closeSource();
  });
  document.addEventListener("keydown", (event) => {
    const editing = event.target.closest?.(".edit-box");
    if (editing && event.key === "Enter" && event.target.matches("textarea") && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      return askEdited(editing);
    }
    if (event.target.matches?.(".judge-note input") && event.key === "Enter" && !event.isComposing) {
      return saveNote(event.target.closest(".judge-note"));
    }
    if (event.target.matches?.(".kept-rename") && event.key === "Enter" && !event.isComposing) {
      return void change(event.target.closest("li"), "rename", { title: event.target.value.slice(0, 1000) });
    }
    if (event.key !== "Escape" || byId("kept")?.open) return;
    if (editing) return stopEditing(editing);
    if (byId("more-filters")?.open) {
      byId("more-filters").open = false;
      return byId("more-filters").querySelector("summary").focus();
    }
    hideCard();
    if (byId("source")?.open) {
      event.preventDefault();
      closeSource();
    }
  });
  document.addEventListener("change", (event) => event.target.closest?.(".filter-panel") && countFilters());
  document.addEventListener("input", (event) => event.target.id === "kept-words" && listKept());
  // A finger opens the article at once; the card is for those who can point without touching, or come by key.
  document.addEventListener("pointerover", (event) => {
    const chip = event.target.closest?.("button.citation");
    if (chip && event.pointerType !== "touch") showCard(chip);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("button.citation:focus-visible")) showCard(event.target);
  });
  for (const leave of ["pointerout", "focusout"]) {
    document.addEventListener(leave, (event) => {
      if (event.target.closest?.("button.citation")) hideCard();
    });
  }
  document.addEventListener("scroll", hideCard, { passive: true });
  wide.addEventListener("change", () => byId("source")?.open && show(byId("source")));

  // --- following the answer ------------------------------------------------------------------------------

  let announced = 0; // characters of the growing answer already read out
  let growingId = ""; // of the turn being written

  function announce(words) {
    const log = byId("announcer");
    if (!log || !words.trim()) return;
    const line = document.createElement("p");
    line.textContent = words.trim();
    log.append(line);
    while (log.childElementCount > 30) log.firstElementChild.remove();
  }

  function words(sentence) {
    const copy = sentence.cloneNode(true);
    copy.querySelectorAll(".citation, .support, .why").forEach((part) => part.remove());
    return copy.textContent;
  }

  function followAnswer() {
    const live = byId("live");
    const growing = live.querySelector(".turn");
    if (growing) {
      if (growingId !== growing.id) {
        growingId = growing.id;
        byId("more-filters")?.removeAttribute("open");
        announced = 0;
        announce(growing.querySelector(".answer").textContent);
        growing.scrollIntoView({ block: "start" });
      }
      const written = growing.querySelector(".paragraph")?.textContent ?? "";
      const whole = written.slice(announced).match(/^[\s\S]*[.!?…»”"](?=\s)/)?.[0] ?? "";
      announced += whole.length;
      announce(whole);
    } else if (growingId) {
      const turn = byId(growingId);
      growingId = "";
      const sentences = [...(turn?.querySelectorAll(".sentence") ?? [])];
      if (!announced || !sentences.length) {
        announce(sentences.length ? sentences.map(words).join(" ") : turn?.querySelector(".answer").innerText ?? "");
      }
      // What had the focus may have gone with the turn's earlier state.
      if (document.activeElement === document.body) turn?.querySelector(".question").focus({ preventScroll: true });
    }
    document.querySelectorAll("#finished .turn[data-feedback]").forEach(showFeedback);
    markOpener();
  }

  // Gradio may lose the first event of a page; then the conversation it was opened with is asked for again.
  function reopen(triesLeft) {
    if (!triesLeft || !conversationId() || document.querySelector("#finished .turn, #live .turn")) return;
    byId("reopen")?.click();
    window.setTimeout(reopen, 3000, triesLeft - 1);
  }

  function start() {
    if (!byId("live") || !byId("source")) return false;
    byId("source").addEventListener("close", sourceClosed);
    const watch = new MutationObserver(followAnswer);
    for (const id of ["live", "finished"]) watch.observe(byId(id), { childList: true, subtree: true });
    if (conversationId()) window.setTimeout(reopen, 2000, 5);
    return true;
  }

  const wait = new MutationObserver(() => start() && wait.disconnect());
  wait.observe(document.documentElement, { childList: true, subtree: true });
})();
