export type CompletionShell = 'bash' | 'zsh' | 'fish' | 'powershell';
