const MAGIC = /[*?[{]/;

/** Whether a path has characters that mean something in a pattern. */
export function isGlob(path: string): boolean {
  return MAGIC.test(path);
}

/** The directory above which no part of a pattern is magic: where to look for files that match. */
export function globBase(pattern: string): string {
  const parts = pattern.split("/");
  const fixed = parts.slice(0, Math.min(parts.findIndex(isGlob), parts.length - 1));
  return fixed.length === 0 ? "." : fixed.join("/") || "/";
}

/**
 * A matcher of whole paths as shells have it: `*` and `?` stay within one part of a path, `**` stands for any number
 * of parts, `[a-z]` and `[!a-z]` for a character, `{a,b}` for either. Names that begin with a dot are matched by a
 * dot only (POSIX.1-2017 XCU §2.13.3).
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const expressions = alternatives(pattern.replace(/^(?:\.\/)+/, "")).map(
    (alternative) =>
      new RegExp(`^${alternative.split("/").map(partExpression).join("/").replaceAll("**/", ANY_PARTS)}$`, "s"),
  );
  return (path) => {
    const plain = path.replace(/^(?:\.\/)+/, "");
    return expressions.some((expression) => expression.test(plain));
  };
}

const ANY_PARTS = "(?:(?!\\.)[^/]+/)*";

function partExpression(part: string): string {
  if (part === "**") return "**";
  let expression = /^[*?[]/.test(part) ? "(?!\\.)" : "";
  for (let i = 0; i < part.length; i++) {
    const c = part[i] as string;
    const set = c === "[" ? /^\[(!?)(\]?[^\]]*)\]/.exec(part.slice(i)) : null;
    if (set !== null) {
      const [whole, not, members = ""] = set;
      expression += `(?!/)[${not === "!" ? "^" : ""}${members.replaceAll(/[\\^[\]]/g, "\\$&")}]`;
      i += whole.length - 1;
    } else expression += c === "*" ? "[^/]*" : c === "?" ? "[^/]" : c.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  }
  return expression;
}

/** Patterns without braces that together match the same; braces that are not closed stand for themselves. */
function alternatives(pattern: string): string[] {
  const group = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (group === null) return [pattern];
  const before = pattern.slice(0, group.index);
  const after = pattern.slice(group.index + group[0].length);
  return (group[1] as string).split(",").flatMap((middle) => alternatives(before + middle + after));
}
