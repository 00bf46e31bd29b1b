import { password } from '@inquirer/prompts';
import { type Asking, contextOf, lookOf } from './look.ts';

export function askHidden(message: string, asking: Asking): Promise<string> {
  return password({ message, mask: false, theme: lookOf(asking) }, contextOf(asking));
}
