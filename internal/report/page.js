"use strict";
// Lets the reader sort and filter the tables. Without it, the page shows the same rows in their order.

// A cell sorts by its time if it has one, as a number in a column of numbers, and otherwise as text.
function keyOf(cell, numeric) {
  const time = cell.querySelector("time");
  if (time) return time.dateTime;
  const text = cell.firstChild ? cell.firstChild.textContent.trim() : "";
  return numeric ? Number(text.replaceAll(",", "")) : text;
}

const texts = new Intl.Collator("en", { numeric: true });

function compare(a, b) {
  if (typeof a === "number") return a - b;
  return texts.compare(a, b);
}

function sort(table, header, direction) {
  const body = table.tBodies[0];
  const numeric = header.classList.contains("n");
  const sign = direction === "ascending" ? 1 : -1;
  const rows = Array.from(body.rows, (row) => ({ row, key: keyOf(row.cells[header.cellIndex], numeric) }));
  // Empty cells stay last in both directions.
  rows.sort((a, b) => (a.key === "") - (b.key === "") || sign * compare(a.key, b.key));
  body.append(...rows.map(({ row }) => row));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", direction);
}

function makeSortable(table) {
  for (const header of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const now = header.getAttribute("aria-sort");
      const first = header.classList.contains("n") ? "descending" : "ascending";
      const other = first === "descending" ? "ascending" : "descending";
      sort(table, header, now === first ? other : first);
    });
  }
}

function makeFilterable(table) {
  const section = table.closest("section");
  const name = section.querySelector("h2").textContent.toLowerCase();
  const field = document.createElement("input");
  field.type = "search";
  field.autocomplete = "off";
  field.spellcheck = false;
  const label = document.createElement("label");
  label.append(`Filter the ${name} shown `, field);
  const status = document.createElement("output");
  const line = document.createElement("p");
  line.className = "filter";
  line.append(status, label);
  section.querySelector(".scroll").before(line);

  const rows = Array.from(table.tBodies[0].rows, (row) => ({ row, text: row.textContent.toLowerCase() }));
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !text.includes(wanted);
      if (!row.hidden) shown++;
    }
    status.textContent = wanted ? `${shown} of ${rows.length} rows` : "";
  });
}

for (const table of document.querySelectorAll("table.sortable")) {
  makeSortable(table);
  makeFilterable(table);
}
