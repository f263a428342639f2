"""``opswire completion``: the text that teaches a shell to complete our commands and options."""

import click
from click.shell_completion import ShellComplete, get_completion_class

from opswire.cli import COMPLETION

SHELLS = ("bash", "fish", "zsh")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script of a SHELL.

    bash: eval "$(opswire completion bash)" in ~/.bashrc, or the output as file "opswire" in
    /usr/share/bash-completion/completions.  zsh: as file "_opswire" in a folder of fpath.
    fish: as ~/.config/fish/completions/opswire.fish.
    """
    click.echo(script(context.find_root().command, shell), nl=False)


def script(program: click.Command, shell: str) -> str:
    """Return the script; it asks the program itself at each completion, so it never ages."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.ClickException(f"no completion for {shell}: choose one of {', '.join(SHELLS)}")
    # Not the class's own source(): bash's runs the bash of this machine to complain of its age.
    text = ShellComplete.source(kind(program, {}, "opswire", COMPLETION))
    return text if text.endswith("\n") else f"{text}\n"
