import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { detente } from "./testing/console.ts";

const COMMANDS = [
  "init",
  "party",
  "charter draft",
  "charter accept",
  "charter show",
  "charter amend",
  "charter propose",
  "charter policy",
  "serve",
  "status",
  "share",
  "withdraw",
  "intel",
  "find",
  "screen",
  "observe sighting",
  "observe false-positive",
  "observe check",
  "say assert",
  "say accept",
  "say deny",
  "say abstain",
  "say recuse",
  "say suspend",
  "say withdraw",
  "say account",
  "log",
  "export",
  "verify",
  "proof",
  "keys rotate",
  "leave",
  "recover",
  "rebuild",
  "openapi",
  "doctor",
];

describe("help", () => {
  it.each(COMMANDS)("of `detente %s` has examples and the common flags", async (name) => {
    const { code, out } = await detente([...name.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`EXAMPLES\n  `);
    expect(out).toMatch(new RegExp(`^  .*detente ${name}`, "m"));
    expect(out).toContain("--json");
    expect(out).toContain("--data");
  });

  it("is what the bare command prints", async () => {
    const { code, out } = await detente([]);
    expect(code).toBe(0);
    expect(out).toContain("USAGE");
  });
});

describe("a command line that cannot be understood", () => {
  it.each([
    [["scren"], "detente: scren: no such command — did you mean `screen`?\n"],
    [
      ["init", "--url", "http://127.0.0.1"],
      "detente: arguments: --name is missing or has no value — add --help to see what the command takes\n",
    ],
    [["withdraw"], "detente: arguments: SHARE is missing — add --help to see what the command takes\n"],
    [
      ["init", "--name", "a", "--url", "http://127.0.0.1", "--listen", "7300"],
      'detente: arguments: --listen: "7300" is not host:port, such as 0.0.0.0:7300 — add --help to see what the command takes\n',
    ],
    [
      ["intel", "--proof", "xyz"],
      'detente: arguments: --proof: "xyz" is not SHARE:INDEX, such as 1a2b3c4d5e6f:17 — add --help to see what the command takes\n',
    ],
  ])("%j ends with 2 and one line", async (argv, line) => {
    expect(await detente(argv)).toEqual({ code: 2, out: "", err: line });
  });
});

describe("a data directory without a station", () => {
  it.each([["status"], ["log"], ["charter", "show"], ["party"], ["serve"], ["rebuild"]])(
    "%s says so and what to do",
    async (...argv) => {
      const { code, out, err } = await detente([...argv, "--data", "/nonexistent/d"]);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(/^detente: \/nonexistent\/d: holds no station.*`?detente init --data \/nonexistent\/d`.*\n$/);
    },
  );

  it("is found through DETENTE_DATA", async () => {
    const { err } = await detente(["status"], { env: { DETENTE_DATA: "/nonexistent/e" } });
    expect(err).toContain("/nonexistent/e");
  });
});

describe("a file of somebody else's that is quoted in a message", () => {
  it.each([
    ["party", "party.json", (path: string) => ["party", path]],
    ["charter", "charter.json", (path: string) => ["charter", "policy", "alpha", "--charter", path]],
    ["bundle", "bundle.json", (path: string) => ["share", "--dry-run", path]],
  ])("cannot steer the terminal: %s", async (_, name, argv) => {
    const dir = await mkdtemp(`${tmpdir()}/detente-quoted-`);
    const path = `${dir}/${name}`;
    await writeFile(path, '{"v":\u001b]0;owned\u0007\u001b[2J1}');
    const { code, out, err } = await detente(argv(path));
    expect(code).toBe(2);
    expect(err).toContain("JSON");
    expect(out + err.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    await rm(dir, { recursive: true });
  });
});
