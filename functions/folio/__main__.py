"""`python -m folio`"""

from folio.cli import main

main()
