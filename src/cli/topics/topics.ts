import { environmentTopic } from './environment.ts';
import { exitCodesTopic } from './exit-codes.ts';
import { formattingTopic } from './formatting.ts';

/** A text of the help that belongs to no command. */
export interface Topic {
  readonly name: string;
  readonly summary: string;
  readonly text: () => string;
}

export const TOPICS: readonly Topic[] = [
  { name: 'exit-codes', summary: 'What commands end with, and how failures are told', text: exitCodesTopic },
  { name: 'environment', summary: 'Every variable that is read, and what goes before what', text: environmentTopic },
  { name: 'formatting', summary: 'Tables, tabs, JSON, colour and times', text: formattingTopic },
];
