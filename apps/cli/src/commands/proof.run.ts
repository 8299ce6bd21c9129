import { fromBase64, present, utf8 } from "@detente/basics";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { writeNew } from "../files.ts";
import { short } from "../ui/text.ts";
import { besideProof } from "../verify/proof-files.ts";
import type { Flags } from "./proof.ts";

interface StatementProof {
  readonly proof: string;
  readonly leaf: string;
  readonly body: string | null;
}

export async function run(cli: Cli, { output, body: withBody }: Flags, name: string): Promise<Answer> {
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
}

function bytesOf(base64: string): Uint8Array {
  return present(fromBase64(base64), "the station writes base64");
}
