import { filesBelow, isSource, isTest, readText } from "../files.mjs";

/** One idea a file: above the aim it is worth a look, above the limit it is more than one idea. */
const AIM = 200;
const LIMIT = 300;

/**
 * @param {string} root
 * @returns {{ files: number, problems: string[], warnings: string[] }}
 */
export function checkLength(root) {
  const lengths = filesBelow(root)
    .filter((file) => isSource(file) && !isTest(file))
    .map((file) => ({ file, lines: readText(root, file).trimEnd().split("\n").length }));
  return {
    files: lengths.length,
    problems: lengths
      .filter(({ lines }) => lines > LIMIT)
      .map(({ file, lines }) => `${file}:${LIMIT + 1}: ${lines} lines, the limit is ${LIMIT}: split it by idea`),
    warnings: lengths
      .filter(({ lines }) => lines > AIM && lines <= LIMIT)
      .map(({ file, lines }) => `${file}: ${lines} lines, the aim is ${AIM}`),
  };
}
