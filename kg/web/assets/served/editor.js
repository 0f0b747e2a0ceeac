// The editor: sends the query to /sparql of this server and shows what comes back. Text only ever becomes text nodes.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const status = document.getElementById("status");
const result = document.getElementById("result");
const downloads = document.getElementById("downloads");
const area = document.getElementById("query");
const TYPES = { csv: "text/csv", json: "application/sparql-results+json", tsv: "text/tab-separated-values", ttl: "text/turtle" };
const SHOWN = 1000;
let editor = null;
let running = null;
let asked = "";

const text = () => (editor ? editor.getValue() : area.value);
const setText = (value) => (editor ? editor.setValue(value) : (area.value = value));

/** Start YASQE in the place of the text area; where it fails, the text area remains and works. */
function startEditor() {
  if (typeof Yasqe === "undefined") return;
  const place = document.createElement("div");
  area.before(place);
  try {
    const Editor = Yasqe.default || Yasqe;
    Editor.defaults.autocompleters = (Editor.defaults.autocompleters || []).filter((name) => name === "variables");
    editor = new Editor(place, {
      value: area.value,
      persistenceId: null,
      persistencyExpire: 0,
      showQueryButton: false,
      createShareableLink: null,
      resizeable: false,
      syntaxErrorCheck: false, // it knows no prefix that is not declared; the server says what is wrong, and where
      requestConfig: { endpoint: "/sparql" },
      extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, Tab: false, "Shift-Tab": false },
    });
    area.hidden = true;
    area.disabled = true; // the editor's own text is sent
    const field = place.querySelector("textarea");
    if (field) field.setAttribute("aria-labelledby", "query-label");
  } catch (error) {
    place.remove();
    editor = null;
  }
}

/** Send a query and return the response. */
function send(query, type, signal) {
  return fetch("/sparql", {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: type },
    body: query,
    signal,
  });
}

async function run() {
  if (running) running.abort();
  const mine = (running = new AbortController());
  asked = text();
  say("Running …");
  result.replaceChildren();
  downloads.hidden = true;
  const began = performance.now();
  try {
    const response = await send(asked, "application/sparql-results+json, text/turtle;q=0.9", mine.signal);
    const body = await response.text();
    if (!response.ok) return say(body.trim(), true);
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    const cut = response.headers.get("X-SPARQL-MaxRows");
    const aloud = cut ? ` Cut at ${Number(cut).toLocaleString("en")} rows: there are more.` : "";
    const graph = (response.headers.get("Content-Type") || "").startsWith("text/turtle");
    const said = graph ? showGraph(body) : showResults(JSON.parse(body));
    say(`${said} ${seconds} s.${aloud}`);
    for (const link of downloads.querySelectorAll("a")) link.hidden = (link.dataset.form === "ttl") !== graph;
    downloads.hidden = false;
  } catch (error) {
    if (error.name !== "AbortError") say(`The server does not answer: ${error.message}`, true);
  }
}

function say(words, wrong = false) {
  status.textContent = words;
  status.classList.toggle("wrong", wrong);
}

function showGraph(turtle) {
  const shown = document.createElement("pre");
  shown.textContent = turtle;
  result.replaceChildren(shown);
  return "Triples, as Turtle.";
}

function showResults(answer) {
  if ("boolean" in answer) return answer.boolean ? "Yes." : "No.";
  const names = answer.head.vars;
  const rows = answer.results.bindings;
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const name of names) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows.slice(0, SHOWN)) {
    const line = body.insertRow();
    for (const name of names) line.insertCell().append(term(row[name]));
  }
  result.replaceChildren(table);
  const more = rows.length > SHOWN ? ` The first ${SHOWN} are shown; a download has them all.` : "";
  return `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "row" : "rows"}.${more}`;
}

/** A term as a reader sees it: an IRI by its short form, as a link to its card. */
function term(value) {
  if (!value) return "";
  if (value.type !== "uri") return value["xml:lang"] ? `${value.value} (${value["xml:lang"]})` : value.value || "";
  const link = document.createElement("a");
  link.textContent = short(value.value);
  link.href = `/node?iri=${encodeURIComponent(value.value)}`;
  return link;
}

function short(iri) {
  const cut = Math.max(iri.lastIndexOf("#"), iri.lastIndexOf("/")) + 1;
  for (const [prefix, namespace] of Object.entries(data.prefixes)) {
    if (iri.slice(0, cut) === namespace && cut < iri.length) return `${prefix}:${iri.slice(cut)}`;
  }
  return iri;
}

async function download(event) {
  event.preventDefault();
  const form = event.target.dataset.form;
  const response = await send(asked, TYPES[form]);
  if (!response.ok) return say((await response.text()).trim(), true);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `result.${form}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

document.getElementById("ready").addEventListener("change", (event) => {
  const name = event.target.value;
  if (name in data.queries) setText(data.queries[name]);
  document.getElementById("says").textContent = event.target.selectedOptions[0].title;
});
document.getElementById("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
area.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
for (const link of downloads.querySelectorAll("a")) link.addEventListener("click", download);
startEditor();
