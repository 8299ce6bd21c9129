import { filesBelow, readText } from "../files.mjs";

/**
 * What ties a text to one workplace. The project is read and run elsewhere, so none of it may stand in any file.
 * The patterns are written so that they do not match their own source.
 * @type {[RegExp, string][]}
 */
const FORBIDDEN = [
  [/(?<![\w.~-])\/(?:work|root|home|Users)\//i, "a path of one machine"],
  [/\bC:\\+Users\b/i, "a path of one machine"],
  [/\bsession of\b/i, "talk of how the text was made"],
  [/\bsub-?agents?\b/i, "talk of how the text was made"],
  [/\b(?:registry|npm)\.npmjs\.(?:org|com)\b/i, "a package host: whoever installs chooses his own"],
  [/\b(?:deb|security)\.debian\.org\b/i, "a package host: whoever installs chooses his own"],
  [/\b(?:artifactory|verdaccio|nexus)\.[\w-]+\.\w+/i, "a package host: whoever installs chooses his own"],
];

const BINARY = /\.(?:png|jpg|gif|ico|woff2?|gz|zip|sqlite|bin|pack)$/;

/**
 * @param {string} root
 * @returns {{ files: number, problems: string[] }} problems as `file:line: …`
 */
export function checkWords(root) {
  const files = filesBelow(root).filter((file) => !BINARY.test(file));
  const problems = files.flatMap((file) =>
    readText(root, file)
      .split("\n")
      .flatMap((line, index) =>
        FORBIDDEN.flatMap(([pattern, reason]) => {
          const [found] = pattern.exec(line) ?? [];
          return found === undefined ? [] : [`${file}:${index + 1}: "${found}" is ${reason}`];
        }),
      ),
  );
  return { files: files.length, problems };
}
