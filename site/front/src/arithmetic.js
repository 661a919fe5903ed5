// What Oxigraph's build for browsers works out from the right: 10 - 3 - 1 as 10 - (3 - 1), 8 / 4 / 2 as 8 / (4 / 2).
const QUOTED = /"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#[^\n]*/g;
const TOKENS = /[()]|[?$]\w+|\d+(?:\.\d+)?(?:e[-+]?\d+)?|[\w-]*:[\w.%-]*|[A-Za-z_]\w*|[-+*/]|\S/gi;
const OPERAND = /^(?:[?$]\w|\d|\))/;

/** A query without its strings, its IRIs in brackets and its comments. */
export function bare(query) {
  return query.replace(QUOTED, " ");
}

/** Whether operations of one rank follow one another, with no parentheses between, so that their order matters: a
 * product that is divided loses digits the other way round. */
export function leaning(query) {
  const around = [];
  let [after, before] = [{}, ""];
  for (const [token] of bare(query).matchAll(TOKENS)) {
    const operation = /^[-+*/]$/.test(token) && OPERAND.test(before);
    if (operation) {
      if ((/[-+]/.test(token) && after.minus) || (token === "*" && after.over) || (token === "/" && after.factor)) return true;
      if (token === "-") after.minus = true;
      after.over = token === "/";
      after.factor = /[*/]/.test(token);
    } else if (token === "(") {
      around.push(after);
      after = {};
    } else if (token === ")") {
      after = around.pop() ?? {};
    } else if (!OPERAND.test(token) && !/^[\w:]/.test(token) && !/^[-+*/]$/.test(token)) {
      after = {};
    }
    before = token;
  }
  return false;
}
