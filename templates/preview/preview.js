// The live preview: shows the newest state that the program sends, and asks it where things stand.
// Whatever comes from content is put in as text, never as markup.

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const root = document.documentElement;
const canOpen = root.dataset.editor === "yes";
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];
const PLURAL = { error: "Errors", warning: "Warnings", note: "Notes", "not run": "Not run" };

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

// ------------------------------------------------------------------ what this window shows

const view = { documents: "both", use: "reading", paper: "", language: "", zoom: 1, ...remembered() };
let state = null;
let source = null;
let connected = false;
const documents = new Map(); // by name: its elements, and what stands where on its pages

function remembered() {
  const told = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (told.zoom) told.zoom = ZOOMS.includes(Number(told.zoom)) ? Number(told.zoom) : 1;
  return told;
}

function remember() {
  history.replaceState(null, "", "#" + new URLSearchParams(view));
}

function query(extra = {}) {
  const asked = new URLSearchParams({ use: view.use, ...extra });
  if (view.paper) asked.set("paper", view.paper);
  if (view.language) asked.set("language", view.language);
  return asked;
}

async function ask(name, told) {
  try {
    const answer = await fetch(`${name}?${query()}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(told),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// ------------------------------------------------------------------ states

function connect() {
  source?.close();
  source = new EventSource(`events?${query({ width: pixels(pageWidth("brief")) })}`);
  source.onopen = () => { connected = true; };
  source.onmessage = (event) => {
    connected = true;
    show(JSON.parse(event.data));
  };
  source.onerror = () => {
    connected = false;
    showStatus();
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1500); // refused: the preview ended, or too many windows
  };
}

function show(next) {
  const first = !state || state.use !== next.use || state.paper !== next.paper || state.language !== next.language;
  state = next;
  showChoices();
  showDocuments(first);
  showFindings();
  showStatus();
  root.dataset.version = state.version;
  root.dataset.revision = state.revision;
  root.dataset.phase = state.phase;
}

function showStatus() {
  const status = $("#status");
  const phase = connected ? state?.phase ?? "working" : "lost";
  const errors = count("error");
  const seconds = Math.max(...(state?.documents ?? []).map((one) => (one.trail.saved && one.trail.drawn ? one.trail.drawn - one.trail.saved : 0)), 0);
  const said = {
    lost: "No connection: is the preview still running?",
    working: "Typesetting…",
    proving: "Checking…",
    ready: errors ? "Would not be published" : seconds > 0 ? `Up to date, ${seconds.toFixed(1)} s after saving` : "Up to date",
    broken: "Last good pages",
  }[phase];
  status.dataset.phase = phase === "ready" && errors ? "broken" : phase;
  if ($("span", status).textContent !== said) $("span", status).textContent = said;
  const alert = $("#alert");
  const worst = state?.findings.find((finding) => finding.severity === "error");
  alert.hidden = !worst || !$("#findings").hidden;
  if (worst) {
    const more = errors > 1 ? `${errors} errors. ` : "";
    const text = `${more}${worst.line ? `Line ${worst.line}: ` : ""}${worst.message}`;
    if ($("span", alert).textContent !== text) $("span", alert).textContent = text;
  }
}

const count = (severity) => (state?.findings ?? []).filter((finding) => finding.severity === severity).length;

function showChoices() {
  for (const input of $$("#documents input")) {
    const there = input.value === "both" ? state.documents.length > 1 : state.documents.some((one) => one.name === input.value);
    input.disabled = !there;
    input.checked = input.value === shownDocuments();
  }
  $("#use").value = state.use;
  for (const input of $$("#paper input")) input.checked = input.value === state.paper;
  const several = state.languages.length > 1;
  $("#languages").hidden = !several;
  const select = $("#language");
  if (several && select.options.length !== state.languages.length) {
    select.replaceChildren(...state.languages.map((code) => make("option", { value: code }, nameOf(code))));
  }
  select.value = state.language.split("-")[0];
  $("#fit").textContent = view.zoom === 1 ? "Fit" : `${Math.round(view.zoom * 100)} %`;
}

function nameOf(code) {
  try {
    return new Intl.DisplayNames([code], { type: "language" }).of(code);
  } catch {
    return code;
  }
}

function shownDocuments() {
  const names = state?.documents.map((one) => one.name) ?? [];
  return names.includes(view.documents) ? view.documents : names.length > 1 ? "both" : names[0] ?? "both";
}

// ------------------------------------------------------------------ documents

function showDocuments(first) {
  const wanted = shownDocuments();
  for (const one of state.documents) {
    if (!documents.has(one.name)) documents.set(one.name, build(one.name));
    const held = documents.get(one.name);
    held.section.hidden = wanted !== "both" && wanted !== one.name;
  }
  for (const [name, held] of documents) {
    const told = state.documents.find((one) => one.name === name);
    if (!told) held.section.hidden = true;
    else update(held, told, first);
  }
}

function build(name) {
  const row = make("div", { class: "row" });
  const sheets = make("div", { class: "sheets" }, row);
  const title = make("h2", { id: `title-${name}` });
  const meter = make("div", { class: "gauge" }, make("span"), make("div", { class: "bar-of", "aria-hidden": "true" }, make("i"), make("u")));
  const header = make("header", {}, title, make("span", { class: "kept", hidden: "" }), meter, make("span", { class: "detail" }));
  const section = make("section", { class: "document", "data-document": name, "aria-labelledby": title.id }, header, sheets);
  $("#desk").append(section);
  return { name, section, sheets, row, pages: [], spots: new Map(), table: 0, told: null };
}

function update(held, told, first) {
  held.told = told;
  const { section } = held;
  $("h2", section).textContent = told.title;
  toggle(section, "working", told.working);
  toggle(section, "kept", told.kept);
  section.dataset.revision = told.revision;
  const kept = $(".kept", section);
  kept.hidden = !told.kept;
  if (told.kept) kept.textContent = `Last good pages, from ${new Date(told.since * 1000).toLocaleTimeString()}`;
  showGauge(held);
  lay(held);
  if (told.spots !== held.table) {
    held.table = told.spots;
    held.spots = new Map();
    choose(held, null);
    if (told.spots) learn(held, told.spots);
  }
  if (first) held.sheets.scrollTo(0, 0);
  $(".none", section)?.remove();
  if (!told.sheets.length) {
    const broken = state.phase === "broken";
    held.sheets.prepend(make("p", { class: "none" }, make("b", {}, broken ? "No pages yet" : "Typesetting…"), broken ? "They come as soon as the errors are mended." : ""));
  }
}

function toggle(element, name, on) {
  if (on) element.dataset[name] = "";
  else delete element.dataset[name];
}

function showGauge({ section, told }) {
  const { gauge } = told;
  const over = gauge.over_words > 0;
  const meter = $(".gauge", section);
  meter.hidden = !told.sheets.length;
  const full = gauge.length / gauge.budget;
  let said = gauge.budget === 1 ? `${Math.round(full * 100)} % full` : `${gauge.length.toFixed(1)} of ${gauge.budget} pages`;
  if (over) said = `${gauge.budget === 1 ? said : `${gauge.length.toFixed(1)} of ${gauge.budget} pages`}: about ${gauge.over_words} words (${gauge.over_lines} ${gauge.over_lines === 1 ? "line" : "lines"}) too many`;
  $("span", meter).textContent = said;
  toggle(meter, "over", over);
  const end = over ? 100 / Math.max(full, 1.02) : 100;
  $("i", meter).style.width = over ? "100%" : `${Math.min(100, full * 100)}%`;
  $("i", meter).style.setProperty("--end", `${end}%`);
  $("u", meter).style.left = `calc(${end}% - 1px)`;
  const detail = [];
  if (gauge.space !== 1) detail.push(`spacing ${Math.round(gauge.space * 100)} %`);
  if (gauge.type !== 1) detail.push(`type ${Math.round(gauge.type * 100)} %`);
  if (gauge.dropped.length) detail.push(`left out: ${gauge.dropped.join(", ")}`);
  $(".detail", section).textContent = detail.join(", ");
}

const pixels = (width) => Math.min(4800, Math.max(120, Math.round(width * devicePixelRatio)));

// The width of a page in CSS pixels: as wide as its column, two beside each other where there is room for that.
function pageWidth(name) {
  const held = documents.get(name);
  const visible = held && !held.section.hidden && held.sheets.clientWidth;
  const style = held ? getComputedStyle(held.sheets) : null;
  const room = visible ? held.sheets.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) : (innerWidth - 48) / 2 - 48;
  const gap = 24;
  const side = shownDocuments() !== "both" && room > 1000 && (held?.told?.sheets.length ?? 0) > 1 ? 2 : 1;
  const fit = Math.min((room - gap * (side - 1)) / side, 1100);
  return Math.floor(Math.max(fit, 200) * view.zoom);
}

function lay(held) {
  const { told, row, pages } = held;
  const width = pageWidth(held.name);
  toggle(held.sheets, "zoomed", view.zoom > 1);
  while (pages.length > told.sheets.length) {
    const page = pages.pop();
    page.element.remove();
  }
  told.sheets.forEach((sheet, number) => {
    const page = pages[number] ?? add(held, number);
    const across = pixels(width);
    page.element.style.width = `${across / devicePixelRatio}px`;
    page.element.style.height = `${(across / devicePixelRatio) * (sheet.height / sheet.width)}px`;
    page.element.setAttribute("aria-label", `${told.title}, page ${number + 1} of ${Math.max(told.count, told.sheets.length)}. Arrow keys go through its texts, Enter shows the line.`);
    load(page, `page/${sheet.digest}-${across}`);
    markOver(page, number, told);
    showSample(page, sheet, told.mark?.page === number ? told.mark : null);
  });
  $(".ends", row)?.remove();
  if (told.gauge.over_words && pages[told.gauge.budget]) {
    const { budget, over_words: words } = told.gauge;
    row.insertBefore(make("p", { class: "ends" }, `Page ${budget} ends here: about ${words} words too many`), pages[budget].element);
  }
}

function add(held, number) {
  const image = make("img", { alt: "", draggable: "false" });
  const element = make("div", { class: "sheet", tabindex: "0", role: "group", "data-page": number }, image);
  const page = { element, image, address: "", wanted: "", number };
  element.addEventListener("pointermove", (event) => point(held, page, event));
  element.addEventListener("pointerleave", () => frame(page, null, "hover"));
  element.addEventListener("click", (event) => { point(held, page, event); choose(held, page.hover ?? null); tell(held); });
  element.addEventListener("keydown", (event) => walk(held, page, event));
  held.pages.push(page);
  held.row.append(element);
  return page;
}

// Exchange a picture only when the new one is ready, so that nothing flickers and nothing moves.
async function load(page, address) {
  if (page.wanted === address) return;
  page.wanted = address;
  const image = new Image();
  image.alt = "";
  image.draggable = false;
  image.src = address;
  try {
    await image.decode();
  } catch {
    if (page.wanted === address) page.wanted = page.address; // gone: a newer state is on its way
    return;
  }
  if (page.wanted !== address) return;
  page.image.replaceWith(image);
  page.image = image;
  page.address = address;
  page.element.dataset.shown = address;
}

function markOver(page, number, { gauge }) {
  const over = gauge.over_words > 0 && number >= gauge.budget;
  page.element.classList.toggle("over", over);
  let mark = $(".excess", page.element);
  if (!over) {
    mark?.remove();
    return;
  }
  if (!mark) page.element.append((mark = make("div", { class: "excess" })));
  const share = Math.min(1, Math.max(0.02, gauge.length - number));
  mark.style.height = `${6.5 + share * 88}%`;
}

// A sample of what a numbered copy will say in the place that is kept for it.
function showSample(page, sheet, mark) {
  $(".sample", page.element)?.remove();
  if (!mark) return;
  const [left, top, width, height] = mark.box.map((part) => `${part * 100}%`);
  const lines = make("div", { class: "lines" }, ...mark.lines.map((line) => make("span", {}, line)));
  const shown = make("div", { class: "sample", title: mark.called }, make("b", {}, mark.called), lines);
  if (mark.code) shown.append(make("i", { "aria-hidden": "true" }, "QR"));
  shown.classList.toggle("right", mark.at_right);
  Object.assign(shown.style, { left, top, width, height, fontSize: `${mark.size * parseFloat(page.element.style.width)}px` });
  page.element.append(shown);
}

// ------------------------------------------------------------------ what stands where

async function learn(held, table) {
  const answer = await ask("spots", { document: held.name, table });
  if (!answer || held.table !== table) return;
  for (const spot of answer.spots) {
    if (!held.spots.has(spot.page)) held.spots.set(spot.page, []);
    held.spots.get(spot.page).push(spot);
  }
  held.section.dataset.spots = table;
}

function point(held, page, event) {
  const room = page.element.getBoundingClientRect();
  const x = (event.clientX - room.left) / room.width;
  const y = (event.clientY - room.top) / room.height;
  const near = 0.004;
  const found = (held.spots.get(page.number) ?? [])
    .filter(({ box }) => x >= box[0] - near && x <= box[2] + near && y >= box[1] - near && y <= box[3] + near)
    .sort((a, b) => area(a) - area(b))[0];
  page.hover = found ?? null;
  frame(page, found, "hover");
}

const area = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);

function frame(page, spot, kind) {
  let shown = $(`.frame.${kind}`, page.element);
  if (!spot) {
    shown?.remove();
    return;
  }
  if (!shown) page.element.append((shown = make("div", { class: `frame ${kind}` })));
  const [left, top, right, bottom] = spot.box;
  const pad = 0.004;
  Object.assign(shown.style, {
    left: `${(left - pad) * 100}%`,
    top: `${(top - pad / 2) * 100}%`,
    width: `${(right - left + 2 * pad) * 100}%`,
    height: `${(bottom - top + pad) * 100}%`,
  });
}

function choose(held, spot) {
  held.chosen = spot;
  for (const page of held.pages) frame(page, spot && spot.page === page.number ? spot : null, "chosen");
}

// With the keyboard: arrows go through the texts of a page, Enter shows the line.
function walk(held, page, event) {
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  const spots = held.spots.get(page.number) ?? [];
  if (event.key in steps && spots.length && !event.altKey && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const at = held.chosen ? spots.indexOf(held.chosen) : -1;
    const next = at < 0 ? (steps[event.key] > 0 ? 0 : spots.length - 1) : Math.min(spots.length - 1, Math.max(0, at + steps[event.key]));
    choose(held, spots[next]);
    $("#heard").textContent = spots[next].text;
    const mark = $(".frame.chosen", page.element);
    mark?.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && held.chosen) {
    event.preventDefault();
    tell(held);
  }
}

// ------------------------------------------------------------------ a line of the content

let placed = null;
let cameFrom = null;

async function tell(held) {
  if (!held.chosen) {
    if (!held.spots.size) $("#heard").textContent = "The pages are being read back; try again in a moment.";
    return;
  }
  const found = await ask("place", { document: held.name, table: held.table, spot: held.chosen.spot });
  const room = held.section.getBoundingClientRect();
  $("#place").dataset.side = (room.left + room.right) / 2 < innerWidth / 2 ? "right" : "left"; // not over what was clicked
  showPlace(found);
}

function showPlace(found) {
  const panel = $("#place");
  if (!found) {
    hidePlace();
    return;
  }
  placed = found;
  if (panel.hidden) cameFrom = document.activeElement;
  panel.hidden = false;
  const name = found.file.split("/").at(-1);
  $("h2", panel).title = found.file;
  $("h2", panel).replaceChildren(name, make("span", {}, ` line ${found.line}`), ...(found.block ? [make("span", {}, `, block ${found.block}`)] : []));
  $("ol", panel).replaceChildren(
    ...found.lines.map((text, index) => {
      const number = found.first + index;
      const here = number >= found.line && number <= found.last;
      return make("li", here ? { class: "here" } : {}, make("span", {}, String(number)), text || " ");
    }),
  );
  const figures = $(".figures", panel);
  figures.hidden = !found.figures?.length;
  figures.replaceChildren("Figures in it: ", ...(found.figures ?? []).map(({ name, line }) => make("button", { type: "button", onclick: () => look(line) }, `${name} (line ${line})`)));
  $("#open").hidden = !canOpen;
  $("#copy span").textContent = `${name}:${found.line}`;
  $("#heard").textContent = `${found.file}, line ${found.line}`;
  $("li.here", panel)?.scrollIntoView({ block: "nearest" });
}

function hidePlace() {
  const panel = $("#place");
  const inside = panel.contains(document.activeElement);
  panel.hidden = true;
  placed = null;
  if (inside) cameFrom?.focus({ preventScroll: true });
}

const look = async (line) => showPlace(await ask("excerpt", { line }));

function open() {
  if (canOpen && placed) ask("open", { line: placed.line });
}

// ------------------------------------------------------------------ findings

let told = "";

function showFindings() {
  const button = $("#show-findings");
  $("b", button).textContent = state.findings.length;
  button.dataset.worst = count("error") ? "error" : count("warning") ? "warning" : "none";
  const now = JSON.stringify(state.findings);
  if (now === told) return;
  told = now;
  const list = $("#findings .list");
  const held = list.contains(document.activeElement) ? $$("button", list).indexOf(document.activeElement) : -1;
  const groups = Object.keys(PLURAL).filter((severity) => count(severity));
  $("#findings header p").textContent = groups.map((severity) => `${count(severity)} ${severity}${count(severity) > 1 && severity !== "not run" ? "s" : ""}`).join(", ");
  list.replaceChildren(
    ...groups.flatMap((severity) => [
      make("h3", {}, PLURAL[severity]),
      make("ol", {}, ...state.findings.filter((finding) => finding.severity === severity).map(item)),
    ]),
  );
  if (!groups.length) list.append(make("p", { class: "well" }, "Nothing to tell: this can be published."));
  if (held >= 0) $$("button", list)[Math.min(held, $$("button", list).length - 1)]?.focus();
}

function item(finding) {
  const shown = [
    make("span", { class: "line" }, finding.line ? `line ${finding.line}` : ""),
    make("span", { class: "message" }, finding.message),
  ];
  if (finding.hint) shown.push(make("span", { class: "hint" }, finding.hint));
  shown.push(make("span", { class: "code" }, finding.code));
  const act = () => (finding.line ? look(finding.line) : undefined);
  return make("li", { "data-severity": finding.severity, "data-code": finding.code }, make("button", { type: "button", onclick: act }, ...shown));
}

function toggleFindings(on = $("#findings").hidden) {
  keepPlace(() => {
    $("#findings").hidden = !on;
    $("#show-findings").setAttribute("aria-expanded", String(on));
  });
  showStatus();
  if (on) ($("#findings .list button") ?? $("#findings")).focus();
  else $("#show-findings").focus();
}

// ------------------------------------------------------------------ layout of the window

// Whatever changes the size of pages, the same words stay at the top of each column.
function keepPlace(change) {
  const marks = [...documents.values()].filter((held) => !held.section.hidden).map((held) => {
    const top = held.sheets.getBoundingClientRect().top;
    const page = held.pages.find(({ element }) => element.getBoundingClientRect().bottom > top + 1);
    if (!page) return null;
    const room = page.element.getBoundingClientRect();
    return { held, page, share: (top - room.top) / room.height };
  });
  change();
  if (!state) return;
  for (const held of documents.values()) if (held.told && !held.section.hidden) lay(held);
  for (const mark of marks) {
    if (!mark || mark.held.section.hidden || mark.share <= 0) continue;
    const room = mark.page.element.getBoundingClientRect();
    mark.held.sheets.scrollTop += room.top + mark.share * room.height - mark.held.sheets.getBoundingClientRect().top;
  }
}

let resizing = 0;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => keepPlace(() => {}), 120);
});

function zoom(step) {
  const at = ZOOMS.indexOf(view.zoom);
  const next = step === 0 ? 1 : ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at + step))];
  keepPlace(() => { view.zoom = next; });
  remember();
  if (state) showChoices();
}

function pickDocuments(value) {
  view.documents = value;
  remember();
  if (!state) return;
  keepPlace(() => showDocuments(false));
  showChoices();
}

function pick(key, value) {
  if (view[key] === value) return;
  view[key] = value;
  remember();
  connect();
}

// ------------------------------------------------------------------ controls and keys

for (const input of $$("#documents input")) input.addEventListener("change", () => pickDocuments(input.value));
for (const input of $$("#paper input")) input.addEventListener("change", () => pick("paper", input.value));
$("#use").addEventListener("change", (event) => pick("use", event.target.value));
$("#language").addEventListener("change", (event) => pick("language", event.target.value));
$("#smaller").addEventListener("click", () => zoom(-1));
$("#larger").addEventListener("click", () => zoom(1));
$("#fit").addEventListener("click", () => zoom(0));
$("#show-findings").addEventListener("click", () => toggleFindings());
$("#findings header button").addEventListener("click", () => toggleFindings(false));
$("#alert button").addEventListener("click", () => toggleFindings(true));
$("#show-help").addEventListener("click", () => $("#help").showModal());
$("#place header button").addEventListener("click", hidePlace);
$("#open").addEventListener("click", open);
$("#copy").addEventListener("click", () => navigator.clipboard?.writeText(`${placed.file}:${placed.line}`).catch(() => {}));

function following(values, now) {
  return values[(values.indexOf(now) + 1) % values.length];
}

const KEYS = {
  1: () => pickDocuments("both"),
  2: () => pickDocuments("brief"),
  3: () => pickDocuments("fact_sheet"),
  e: () => pick("use", following($$("#use option").map(({ value }) => value), state?.use ?? view.use)),
  p: () => pick("paper", following($$("#paper input").map(({ value }) => value), state?.paper ?? view.paper)),
  l: () => state && state.languages.length > 1 && pick("language", following(state.languages, state.language.split("-")[0])),
  "+": () => zoom(1),
  "=": () => zoom(1),
  "-": () => zoom(-1),
  "−": () => zoom(-1),
  0: () => zoom(0),
  f: () => toggleFindings(),
  o: open,
  "?": () => $("#help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("#help").open) return;
  if (event.key === "Escape") {
    if (!$("#place").hidden) hidePlace();
    else if (!$("#findings").hidden) toggleFindings(false);
    return;
  }
  const act = KEYS[event.key.toLowerCase()];
  if (act && event.target.tagName !== "SELECT") {
    event.preventDefault();
    act();
  }
});

connect();
