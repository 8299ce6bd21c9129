import type { Command } from "@stricli/core";
import type { Context } from "../../../context.ts";
import { acceptMeetingCommand } from "./accept.ts";
import { abortMeetingCommand, eraseMeetingCommand, revealMeetingCommand } from "./decide.ts";
import { meetingEvidenceCommand } from "./evidence.ts";
import { proposeMeetingCommand } from "./propose.ts";
import { showMeetingCommand } from "./show.ts";
import { meetingStatusCommand } from "./status.ts";

/** `detente match meet …` */
export const meetingCommands: Readonly<Record<string, Command<Context>>> = {
  propose: proposeMeetingCommand,
  accept: acceptMeetingCommand,
  status: meetingStatusCommand,
  reveal: revealMeetingCommand,
  show: showMeetingCommand,
  evidence: meetingEvidenceCommand,
  abort: abortMeetingCommand,
  erase: eraseMeetingCommand,
};
