import { spawnSync } from "node:child_process";

/** Whether Python 3, the independent implementation of some tests, is on this machine; they are skipped where it is not. */
export const HAS_PYTHON: boolean = spawnSync("python3", ["--version"]).status === 0;

/** Runs `script`, which finds `input` as `given` and leaves what JSON can carry in `answer`. */
export function python(script: string, input: unknown): unknown {
  const whole = `import hashlib, json, sys\nfrom fractions import Fraction\ngiven = json.load(sys.stdin)\n${script}\nprint(json.dumps(answer))`;
  const { status, stdout, stderr } = spawnSync("python3", ["-c", whole], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
}
