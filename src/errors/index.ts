/**
 * Errors and issues: the one exception class, the table of codes, and how problems are shown.
 *
 * @module errors
 */
export { ERROR_CODES, type ErrorCode, type IssueCode } from './codes.js';
export { createDomainError, DomainError, type DomainErrorOptions, isDomainError, throwIfIssues } from './domain-error.js';
export { createIssue, describeValue, formatIssue, formatPath, type Issue, type IssueDetails, type IssuePath } from './issue.js';
