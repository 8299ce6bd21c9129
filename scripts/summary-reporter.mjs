/**
 * Ends every test run with one plain line, `N passed, N failed, N skipped`, so that a program can read the result.
 * It is written as the process exits, behind whatever other reporters print.
 *
 * A run that failed without a failing test (a file that does not load, an error outside any test) counts as a failure
 * each, and so does a run without tests: nothing shown is not success.
 */
export class SummaryReporter {
  #counts = { passed: 0, failed: 0, skipped: 0 };
  #finished = false;

  /** @param {import("vitest/node").Vitest} vitest */
  onInit(vitest) {
    if (vitest.config.watch) return;
    process.send?.("the summary will be written here");
    process.once("exit", (code) => this.#end(code));
  }

  /** @param {readonly import("vitest/node").TestModule[]} modules @param {readonly unknown[]} errors */
  onTestRunEnd(modules, errors) {
    const results = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const unloaded = modules.filter((module) => module.errors().length > 0);
    const suites = modules.flatMap((module) => [...module.children.allSuites()]);
    const broken = suites.filter((suite) => suite.errors().length > 0);
    this.#counts = {
      passed: results.filter((state) => state === "passed").length,
      failed: results.filter((state) => state === "failed").length + unloaded.length + broken.length + errors.length,
      skipped: results.filter((state) => state === "skipped").length,
    };
    this.#finished = true;
  }

  /** @param {number} code */
  #end(code) {
    const { passed, failed, skipped } = this.#counts;
    const nothing = !this.#finished || passed + failed + skipped === 0;
    if (nothing) process.exitCode = 1;
    const atLeast = failed === 0 && (nothing || code !== 0) ? 1 : failed;
    process.stdout.write(`${passed} passed, ${atLeast} failed, ${skipped} skipped\n`);
  }
}
