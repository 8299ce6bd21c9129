/** Where the entry and the body of a proven statement are looked for and put: beside its proof. */
export function besideProof(path: string): { readonly leaf: string; readonly body: string } {
  const stem = path.replace(/\.tlog-proof$/, "");
  return { leaf: `${stem}.leaf.json`, body: `${stem}.body.json` };
}
