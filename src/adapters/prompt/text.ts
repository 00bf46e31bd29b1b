import { input } from '@inquirer/prompts';
import { type Asking, contextOf, lookOf } from './look.ts';

export function askText(message: string, asking: Asking): Promise<string> {
  return input({ message, theme: lookOf(asking) }, contextOf(asking));
}
