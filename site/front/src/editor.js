// The editor: CodeMirror in a shadow tree, where its styles are adopted sheets, which the policy of the page allows.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";
import { sparql } from "codemirror-lang-sparql";
import { tags } from "@lezer/highlight";

// Colours are the page's own, so that light and dark follow it.
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--link)", fontWeight: "700" },
  { tag: tags.comment, color: "var(--quiet)" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--good)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--mark)" },
]);
const LOOK = EditorView.theme({
  "&": { fontSize: "0.875rem", border: "1px solid var(--quiet)", borderRadius: ".375rem", background: "var(--raised)", color: "var(--text)" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", maxHeight: "32rem", minHeight: "12rem" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-gutters": { background: "var(--panel)", color: "var(--quiet)", borderInlineEnd: "1px solid var(--hair)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "var(--bar-ground) !important" },
});

/** Typing over a selection. Chromium would write a style attribute into what is left, which the policy refuses. */
function replaced(event, view) {
  if (event.inputType !== "insertText" || event.isComposing || !event.data || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

/** Puts an editor in the place of a textarea, which keeps its text; returns how to set it. */
export function edit(area, label, onRun) {
  const host = document.createElement("div");
  area.before(host);
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    doc: area.value,
    extensions: [
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      syntaxHighlighting(COLOURS),
      sparql(),
      LOOK,
      EditorView.lineWrapping,
      // Tab goes on to the next control, as everywhere: nobody is caught in the editor.
      keymap.of([{ key: "Mod-Enter", run: () => (onRun(), true) }, ...defaultKeymap, ...historyKeymap]),
      EditorView.domEventHandlers({ beforeinput: replaced }),
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
      }),
      EditorState.tabSize.of(2),
    ],
  });
  area.hidden = true;
  return {
    set(text) {
      area.value = text;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
  };
}
