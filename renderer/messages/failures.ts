/** What went wrong, in the user's language. */
import type { Failure } from '../../core/photo/failure.ts';
import { language, t } from './index.svelte.ts';

/** The sentence of the failure itself where that is the user's language, because it names sizes and files; else what its code means. */
export function failureText(failure: Failure): string {
  return language() === 'en' ? failure.message : t(`failure.${failure.code}.what`);
}

/** What can be done about it, in general. */
export function failureAdvice({ code }: Failure): string {
  return t(`failure.${code}.todo`);
}

/** What went wrong and what to do, where there is room for one text. The failure's own sentence says both. */
export function failureSentences(failure: Failure): string {
  return language() === 'en' ? failure.message : `${failureText(failure)} ${failureAdvice(failure)}`;
}
