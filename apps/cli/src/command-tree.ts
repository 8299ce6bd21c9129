import { buildRouteMap, type Command, type RouteMap } from "@stricli/core";
import { blockCommand } from "./commands/block.ts";
import { acceptCommand } from "./commands/charter/accept.ts";
import { amendCommand } from "./commands/charter/amend.ts";
import { draftCommand } from "./commands/charter/draft.ts";
import { inviteCommand } from "./commands/charter/invite.ts";
import { joinCommand } from "./commands/charter/join.ts";
import { policyCommand } from "./commands/charter/policy.ts";
import { proposeCommand } from "./commands/charter/propose.ts";
import { showCommand } from "./commands/charter/show.ts";
import { auditCommands } from "./commands/audit/commands.ts";
import { readCommand } from "./commands/audit/read.ts";
import { planCommand } from "./commands/audit/plan.ts";
import { replayCommand } from "./commands/audit/replay.ts";
import { sheetCommand } from "./commands/audit/sheet.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { findCommand } from "./commands/find.ts";
import { feedPublishCommand } from "./commands/feed/publish.ts";
import { feedPullCommand } from "./commands/feed/pull.ts";
import { observedCommand } from "./commands/observed.ts";
import { gateCommand } from "./commands/gate.ts";
import { initCommand } from "./commands/init.ts";
import { intelCommand } from "./commands/intel.ts";
import { rotateCommand } from "./commands/keys.ts";
import { leaveCommand } from "./commands/leave.ts";
import { logCommand } from "./commands/log.ts";
import { hitsCommand } from "./commands/match/hits.ts";
import { lookupCommand } from "./commands/match/lookup.ts";
import { matchListCommand } from "./commands/match/list.ts";
import { meetingCommands } from "./commands/match/meet/commands.ts";
import { proveCommand } from "./commands/match/prove.ts";
import { publishCommand, stopCommand } from "./commands/match/publish.ts";
import { checkCommand } from "./commands/observe/check.ts";
import { falsePositiveCommand } from "./commands/observe/false-positive.ts";
import { sightingCommand } from "./commands/observe/sighting.ts";
import { openApiCommand } from "./commands/openapi.ts";
import { partyCommand } from "./commands/party.ts";
import { proofCommand } from "./commands/proof.ts";
import { rebuildCommand } from "./commands/rebuild.ts";
import { recoverCommand } from "./commands/recover.ts";
import { dropReleaseCommand, shareReleaseCommand } from "./commands/release/decide.ts";
import { pendingReleaseCommand } from "./commands/release/pending.ts";
import { showReleaseCommand } from "./commands/release/show.ts";
import { checkResultsCommand } from "./commands/results/check.ts";
import { compareResultsCommand } from "./commands/results/compare.ts";
import { postResultsCommand } from "./commands/results/post.ts";
import { seenResultsCommand } from "./commands/results/seen.ts";
import { watchResultsCommand } from "./commands/results/watch.ts";
import { accountCommand } from "./commands/say/account.ts";
import { positionCommands } from "./commands/say/position.ts";
import { screenCommand } from "./commands/screen.ts";
import { serveCommand } from "./commands/serve.ts";
import { shareCommand } from "./commands/share.ts";
import { statusCommand } from "./commands/status.ts";
import { taxiiCollectionsCommand } from "./commands/taxii/collections.ts";
import { taxiiPullCommand } from "./commands/taxii/pull.ts";
import { taxiiPushCommand } from "./commands/taxii/push.ts";
import { tokenAddCommand } from "./commands/token/add.ts";
import { tokenListCommand } from "./commands/token/list.ts";
import { tokenRevokeCommand } from "./commands/token/revoke.ts";
import { verifyCommand } from "./commands/verify.ts";
import { addCommand } from "./commands/watch/add.ts";
import { dropCommand, releaseCommand } from "./commands/watch/decide.ts";
import { watchListCommand } from "./commands/watch/list.ts";
import { pendingCommand } from "./commands/watch/pending.ts";
import { removeCommand } from "./commands/watch/remove.ts";
import { eraseCommand } from "./commands/erase.ts";
import { withdrawCommand } from "./commands/withdraw.ts";
import { withdrawnCommand } from "./commands/withdrawn.ts";
import { workerCommand } from "./commands/worker.ts";
import type { Context } from "./context.ts";

/** Every command, by its words. */
export const commands: RouteMap<Context> = buildRouteMap<string, Context>({
  docs: {
    brief: "A cyber-security unit run jointly by parties who do not trust each other",
    fullDescription: [
      "The command of a party's officers and analysts for their own station.",
      "",
      "EXAMPLES",
      "  detente init --name alpha --url https://detente.alpha.example:7300",
      "  detente charter draft --title … --purpose … bravo.json -o charter.json",
      "  detente charter accept charter.json && detente serve",
      "  detente share phishing.csv",
      "  detente screen /var/log/nginx/access.log --post",
      "",
      "Exit codes: 0 done, 1 the answer is no (no hits, not valid, not healthy), 2 trouble.",
    ].join("\n"),
  },
  routes: {
    init: initCommand,
    party: partyCommand,
    charter: group("Draft, accept, show and amend the unit's charter", {
      draft: draftCommand,
      accept: acceptCommand,
      show: showCommand,
      amend: amendCommand,
      propose: proposeCommand,
      invite: inviteCommand,
      join: joinCommand,
      policy: policyCommand,
    }),
    serve: serveCommand,
    status: statusCommand,
    share: shareCommand,
    withdraw: withdrawCommand,
    withdrawn: withdrawnCommand,
    erase: eraseCommand,
    intel: intelCommand,
    find: findCommand,
    block: blockCommand,
    gate: gateCommand,
    observed: observedCommand,
    feed: group("MISP feeds: follow one, or be one", { pull: feedPullCommand, publish: feedPublishCommand }),
    taxii: group("Exchange STIX objects with TAXII 2.1 servers of others", {
      collections: taxiiCollectionsCommand,
      pull: taxiiPullCommand,
      push: taxiiPushCommand,
    }),
    screen: screenCommand,
    worker: workerCommand,
    watch: group("Let the station watch this party's own telemetry, and decide what is said of it", {
      add: addCommand,
      list: watchListCommand,
      remove: removeCommand,
      pending: pendingCommand,
      release: releaseCommand,
      drop: dropCommand,
    }),
    match: group("Ask partners blindly for indicators, and let them ask", {
      hits: hitsCommand,
      list: matchListCommand,
      lookup: lookupCommand,
      prove: proveCommand,
      publish: publishCommand,
      stop: stopCommand,
      meet: group("Intersect a list with another party's once: how many, then by consent which", meetingCommands),
    }),
    release: group("Decide what is shared of that which tools brought over TAXII", {
      pending: pendingReleaseCommand,
      show: showReleaseCommand,
      share: shareReleaseCommand,
      drop: dropReleaseCommand,
    }),
    observe: group("Say what was measured", {
      sighting: sightingCommand,
      falsePositive: falsePositiveCommand,
      check: checkCommand,
    }),
    say: group("Say where this party stands, or what somebody is reported to have said", {
      ...positionCommands,
      account: accountCommand,
    }),
    audit: group("Audit an election", {
      plan: planCommand,
      read: readCommand,
      sheet: sheetCommand,
      replay: replayCommand,
      ...auditCommands,
    }),
    results: group("Watch published results", {
      check: checkResultsCommand,
      compare: compareResultsCommand,
      watch: watchResultsCommand,
      post: postResultsCommand,
      seen: seenResultsCommand,
    }),
    log: logCommand,
    export: exportCommand,
    verify: verifyCommand,
    proof: proofCommand,
    keys: group("Replace keys", { rotate: rotateCommand }),
    token: group("Tokens with which machines may ask the station", {
      add: tokenAddCommand,
      list: tokenListCommand,
      revoke: tokenRevokeCommand,
    }),
    leave: leaveCommand,
    recover: recoverCommand,
    rebuild: rebuildCommand,
    openapi: openApiCommand,
    doctor: doctorCommand,
  },
});

function group(
  brief: string,
  routes: Readonly<Record<string, Command<Context> | RouteMap<Context>>>,
): RouteMap<Context> {
  return buildRouteMap<string, Context>({ docs: { brief }, routes });
}
