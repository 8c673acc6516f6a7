/** What was asked of a report that it cannot give. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}
