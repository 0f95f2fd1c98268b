import { isGlobal } from '../placements.js';

/** What a region is called for merchants. Themes have technical names only. */
export function regionLabel(name: string): string {
  const words = name.replace(/--global$/, '').replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${isGlobal(name) ? ' (all pages)' : ''}`;
}
