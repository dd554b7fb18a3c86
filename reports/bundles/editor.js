// The editor of the SQL console: CodeMirror with what the console needs of it, as window.SqlEditor.
// Bundled by `make bundles` into reports/static; nothing here is loaded from elsewhere.
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, SQLDialect, keywordCompletionSource, schemaCompletionSource, sql } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Colours are custom properties of the page, so that the editor follows its theme.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--sql-number)" },
  { tag: tags.typeName, color: "var(--sql-number)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--mute)", fontStyle: "italic" },
]);

const duckdb = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords} asof anti semi qualify pivot unpivot summarize describe exclude replace positional`,
});

// `at` is the element it goes into; `schema` maps views to columns, each {label, type, detail, info};
// `functions` are completed wherever a word is. `run` is called for Ctrl-Enter.
function create({ at, text, label, schema, functions, run, changed }) {
  const sqlSource = { dialect: duckdb, schema, upperCaseKeywords: false };
  const words = (context) => {
    const word = context.matchBefore(/\w+/);
    return word || context.explicit
      ? { from: word ? word.from : context.pos, options: functions, validFor: /^\w*$/ }
      : null;
  };
  // Columns are offered everywhere: one writes the SELECT before the FROM.
  const columns = new Map();
  for (const view of schema) {
    for (const column of view.children) {
      if (!columns.has(column.label)) columns.set(column.label, column);
    }
  }
  const anyColumn = [...columns.values()];
  const loose = (context) => {
    const word = context.matchBefore(/[\w.]+/);
    if (!word || word.text.includes(".")) return null;
    return { from: word.from, options: anyColumn, validFor: /^\w*$/ };
  };
  const view = new EditorView({
    parent: at,
    doc: text,
    extensions: [
      highlightSpecialChars(),
      history(),
      drawSelection(),
      EditorView.lineWrapping,
      EditorState.allowMultipleSelections.of(true),
      sql(sqlSource),
      autocompletion({
        override: [
          schemaCompletionSource({ ...sqlSource, schema: named(schema) }),
          keywordCompletionSource(duckdb, false),
          words,
          loose,
        ],
        icons: false,
      }),
      closeBrackets(),
      bracketMatching(),
      syntaxHighlighting(colours),
      placeholder("select …"),
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
      keymap.of([
        { key: "Tab", run: acceptCompletion },
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...completionKeymap,
      ]),
      EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => update.docChanged && changed()),
    ],
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(value) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
    },
    insert(value) {
      view.dispatch(view.state.replaceSelection(value), { scrollIntoView: true });
      view.focus();
    },
    focus() {
      view.focus();
    },
  };
}

function named(schema) {
  return Object.fromEntries(schema.map((view) => [view.label, { self: view, children: view.children }]));
}

window.SqlEditor = { create };
