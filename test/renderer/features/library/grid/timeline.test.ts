import { describe, expect, it } from 'vitest';
import { justify } from '../../../../../renderer/features/library/grid/justify.ts';
import { dayAt, timeline } from '../../../../../renderer/features/library/grid/timeline.ts';

function layoutOf(days: readonly (string | null)[], perDay = 20) {
  return justify(
    { ratios: days.flatMap(() => Array.from({ length: perDay }, () => 1500)), days: days.map((day) => ({ day, count: perDay })) },
    { width: 900, rowHeight: 200, gap: 6, headHeight: 40, headWidth: 150 },
  );
}

describe('the times beside a list', () => {
  it('are its years, each once, at their first day', () => {
    const layout = layoutOf(['2024-03-01', '2024-01-01', '2022-12-31', '2022-01-01', null, '2019-05-05']);
    const { unit, marks } = timeline(layout, 0);
    expect(unit).toBe('year');
    expect(marks.map(({ day }) => day)).toEqual(['2024-03-01', '2022-12-31', '2019-05-05']);
    expect(marks.map(({ fraction }) => fraction)).toEqual([0, 2, 5].map((index) => layout.sections[index]!.top / layout.height));
  });

  it('are months for photos of one year', () => {
    const { unit, marks } = timeline(layoutOf(['2024-03-09', '2024-03-01', '2024-01-01']), 0);
    expect(unit).toBe('month');
    expect(marks.map(({ day }) => day)).toEqual(['2024-03-09', '2024-01-01']);
  });

  it('leave out what would stand on top of another', () => {
    const years = Array.from({ length: 30 }, (_, index) => `${2024 - index}-01-01`);
    const { marks } = timeline(layoutOf(years), 0.1);
    expect(marks.length).toBeLessThan(11);
    for (let index = 1; index < marks.length; index++)
      expect(marks[index]!.fraction - marks[index - 1]!.fraction).toBeGreaterThanOrEqual(0.1);
  });

  it('say which day is where', () => {
    const layout = layoutOf(['2024-03-01', null, '2019-05-05']);
    expect(dayAt(layout, -10)).toBe('2024-03-01');
    expect(dayAt(layout, layout.sections[1]!.top + 5)).toBeNull();
    expect(dayAt(layout, layout.height)).toBe('2019-05-05');
  });
});
