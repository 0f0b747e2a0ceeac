// The explorer's face. It computes nothing: `role` and `held` go to Python, `shown` comes back, as text and an image.

let count = 0;

function make(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

function table(section) {
  const parts = [];
  if (section.title) parts.push(make("h4", { textContent: section.title }));
  if (section.rows.length) {
    const row = (name, cells) => make("tr", {}, ...cells.map((cell) => make(name, { textContent: cell })));
    const body = make("tbody", {}, ...section.rows.map((cells) => row("td", cells)));
    const head = row("th", section.header);
    for (const cell of head.children) cell.scope = "col";
    parts.push(make("table", {}, ...(section.header.some(Boolean) ? [make("thead", {}, head)] : []), body));
  }
  if (section.note) parts.push(make("p", { textContent: section.note }));
  return parts;
}

function render({ model, el }) {
  const id = `career-kg-${(count += 1)}`;
  const role = make("select", { id: `${id}-role` });
  const filter = make("input", { type: "search", id: `${id}-filter` });
  const items = make("div", { className: "items" });
  const gap = make("p");
  gap.setAttribute("role", "status"); // read aloud when it changes
  const progress = make("progress", { max: 1 });
  progress.setAttribute("aria-label", "Share of the role that is held");
  const picture = make("img");
  const plan = make("div");

  for (const [iri, label] of model.get("roles")) role.append(make("option", { textContent: label, value: iri }));

  function send(name, value) {
    model.set(name, value);
    model.save_changes();
  }

  function tick(iri, on) {
    const held = new Set(model.get("held"));
    if (on) held.add(iri);
    else held.delete(iri);
    send("held", [...held].sort());
  }

  function narrow() {
    const text = filter.value.toLowerCase();
    for (const label of items.children) label.hidden = !label.textContent.toLowerCase().includes(text);
  }

  function listItems(shown) {
    const held = new Set(model.get("held"));
    const there = [...items.querySelectorAll("input")];
    if (there.map((box) => box.value).join("\n") === shown.items.map(([iri]) => iri).join("\n")) {
      for (const box of there) box.checked = held.has(box.value); // the same boxes stay, so that the focus does
      return;
    }
    items.replaceChildren(...shown.items.map(([iri, text]) => {
      const box = make("input", { type: "checkbox", value: iri, checked: held.has(iri) });
      box.addEventListener("change", () => tick(iri, box.checked));
      return make("label", {}, box, ` ${text}`);
    }));
    narrow();
  }

  function show() {
    const shown = model.get("shown");
    if (!shown.gap) return;
    role.value = model.get("role");
    listItems(shown);
    gap.textContent = shown.gap;
    progress.hidden = shown.coverage === null;
    progress.value = shown.coverage ?? 0;
    picture.src = shown.picture;
    picture.alt = shown.gap;
    plan.replaceChildren(make("p", { textContent: shown.plan }), ...shown.sections.flatMap(table));
  }

  role.addEventListener("change", () => send("role", role.value));
  filter.addEventListener("input", narrow);
  model.on("change:shown", show);

  el.append(
    make("div", { className: "career-kg" },
      make("p", {},
        make("label", { htmlFor: role.id, textContent: "Role" }), role,
        make("label", { htmlFor: filter.id, textContent: "Find" }), filter),
      make("fieldset", {}, make("legend", { textContent: "What you hold" }), items),
      gap, progress,
      make("h3", { textContent: "Picture" }), picture,
      make("h3", { textContent: "Plan" }), plan));
  show();
  return () => model.off("change:shown", show);
}

export default { render };
