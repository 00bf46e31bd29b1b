/**
 * Sums up reports of the test runner. Usage: node scripts/test-totals.mjs REPORT...
 * Prints `N passed, N failed, N skipped`. Exit code 1 if anything failed, a report is missing or unreadable, or nothing ran.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const file of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    for (const { status, assertionResults } of report.testResults) {
      const failedHere = assertionResults.filter((each) => each.status === 'failed').length;
      totals.passed += assertionResults.filter((each) => each.status === 'passed').length;
      totals.skipped += assertionResults.filter((each) => each.status !== 'passed' && each.status !== 'failed').length;
      // A file that fails before or beside its tests counts as one failure.
      totals.failed += failedHere === 0 && status === 'failed' ? 1 : failedHere;
    }
    if (report.success !== true && totals.failed === 0) totals.failed += 1;
  } catch (thrown) {
    process.stderr.write(`${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exitCode = 1;
  }
}
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
