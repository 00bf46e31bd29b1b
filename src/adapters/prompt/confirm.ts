import { confirm } from '@inquirer/prompts';
import { type Asking, contextOf, lookOf } from './look.ts';

export function askWhether(message: string, asking: Asking): Promise<boolean> {
  return confirm({ message, default: false, theme: lookOf(asking) }, contextOf(asking));
}
