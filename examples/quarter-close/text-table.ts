/** A column of a printed table. */
export interface Column {
  readonly title: string;
  readonly width: number;
  readonly align?: 'left' | 'right';
}

/** Prints rows in columns; cells that are too long are cut with an ellipsis. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ width, align }, index) => {
        const cell = cells[index] ?? '';
        const text = cell.length > width ? `${cell.slice(0, width - 1)}…` : cell;
        return align === 'right' ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const rule = columns.map(({ width }) => '─'.repeat(width)).join('  ');
  return [line(columns.map((column) => column.title)), rule, ...rows.map(line)].join('\n');
}

/** A heading over the full width. */
export function heading(text: string, width = 100): string {
  return `\n${text}\n${'═'.repeat(Math.min(width, 100))}`;
}

/** A fraction as a percentage with a decimal or two. */
export function percent(value: number | null, digits = 1): string {
  return value === null ? 'not known' : `${(value * 100).toFixed(digits)} %`;
}

/** A whole number with separators. */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** Adds a plural s. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
