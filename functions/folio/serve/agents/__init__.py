"""`folio mcp`: an MCP server by which agents read the documents of some folders, over stdio or HTTP.

agent -> MCP (the official SDK) -> tools -> documents of the folders -> their results, read where there are none
"""
