"""The archive as tools for AI assistants, in the Model Context Protocol.

Whatever an assistant quotes from here is there. The tools are the same on standard input and
output (`qa mcp`) and over HTTP (`/mcp`).
"""
