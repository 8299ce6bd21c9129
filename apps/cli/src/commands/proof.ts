import { fromBase64, present, utf8 } from "@detente/basics";
import { one, required } from "../args.ts";
import { command } from "../command.ts";
import { writeNew } from "../files.ts";
import { short } from "../ui/text.ts";
import { besideProof } from "../verify/proof-files.ts";

type Flags = {
  readonly output: string;
  readonly body: boolean;
};

interface StatementProof {
  readonly proof: string;
  readonly leaf: string;
  readonly body: string | null;
}

export const proofCommand = command<Flags, [string]>({
  brief: "Write the proof that one statement is on the record (c2sp.org/tlog-proof)",
  about:
    "Beside the proof go the entry of the log (.leaf.json) and the statement's body (.body.json). Whoever has the policy " +
    "(`detente charter policy`) verifies it with `detente verify`, or with any other C2SP verifier.",
  examples: [
    "detente proof 1a2b3c4d5e6f -o statement.tlog-proof",
    "detente proof 1a2b3c4d5e6f -o statement.tlog-proof --no-body",
  ],
  flags: {
    output: required(String, "file", "where the proof goes"),
    body: { kind: "boolean", brief: "also write what the statement says", default: true },
  },
  aliases: { o: "output" },
  args: one(String, "STATEMENT", "the statement's hash, or its first digits"),
  async run(cli, { output, body: withBody }, name) {
    const { leafHash, proof, leaf, body } = await cli.withStation(async (station) => {
      const row = await station.statement(name);
      const proven = await station.get<StatementProof>(`/api/statements/${row.leafHash}/proof`);
      return { ...proven, leafHash: row.leafHash };
    });
    const files = [{ path: output, content: utf8(proof) }];
    const beside = besideProof(output);
    files.push({ path: beside.leaf, content: bytesOf(leaf) });
    if (withBody && body !== null) files.push({ path: beside.body, content: bytesOf(body) });
    for (const { path, content } of files) await writeNew(path, content);
    const paths = files.map(({ path }) => path);
    return {
      json: { statement: leafHash, files: paths },
      text: [`Statement ${short(leafHash)}: wrote ${paths.join(", ")}`],
    };
  },
});

function bytesOf(base64: string): Uint8Array {
  return present(fromBase64(base64), "the station writes base64");
}
