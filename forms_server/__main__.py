"""``python -m forms_server`` is the ``huitoukan`` command."""

from forms_server.cli import main

main(prog_name="huitoukan")
