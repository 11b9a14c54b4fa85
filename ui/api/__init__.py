"""The archive for programs: Gazette's own service under /api, OpenAI's interface at /v1, MCP at /mcp.

Begin with `service.py`, which mounts the others.
"""
