/** An element with these attributes and children; attributes that are false or missing are left out. */
export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((one) => one != null));
  return made;
}

/** The texts of the page, in its language. */
export function texts() {
  return JSON.parse(document.getElementById("texts").textContent);
}

/** A text with its {fields} filled in. */
export function fill(text, fields) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
}
