"""`python -m folio`"""

from folio.cli.main import main

main()
