import { type Bytes, fromHex, present } from "@detente/basics";
import { type Author, encodeEvidence, type SentMessage, type Step } from "@detente/match";
import { isAccusing, type MeetingReport, messagesShowing } from "@detente/unit";
import type { MeetingFolder } from "./folder.ts";

/**
 * The messages that show whether complaints in a meeting are true, whoever has made them, as a file that is handed on
 * (docs/formats.md, Evidence of a meeting). Each of them is one to which both sides had committed, so that the other may
 * have it: nothing is in it that was not consented to.
 * @param party this one, whose messages lie here under the names of their steps
 * @returns undefined where there is no such complaint, or nothing is here that shows it
 */
export async function evidenceOf(
  folder: MeetingFolder,
  report: MeetingReport,
  party: string,
): Promise<Bytes | undefined> {
  const wanted = new Map<string, readonly [Author, Step]>();
  for (const [accuser, accused] of [
    ["by", "with"],
    ["with", "by"],
  ] as const) {
    if (!isAccusing(report[accuser], report[accused])) continue;
    for (const { of, step } of messagesShowing(report[accuser])) {
      const author = of === "accused" ? accused : accuser;
      wanted.set(`${author} ${step}`, [author, step]);
    }
  }
  const messages: SentMessage[] = [];
  for (const [author, step] of wanted.values()) {
    const message = await folder.message(report[author].party === party ? step : `their-${step}`);
    if (message !== undefined) messages.push({ author, step, message });
  }
  if (messages.length === 0) return undefined;
  return encodeEvidence({ meeting: present(fromHex(folder.meeting), "a leaf hash"), messages });
}
