"""Written for MassGen: its result type, its way to hide parameters."""
from massgen.tool import context_params
from massgen.tool._result import ExecutionResult, TextContent


@context_params("agent_cwd", "current_stage")
async def greet(name: str, greeting: str = "Hello", agent_cwd: str = None, current_stage: str = None) -> ExecutionResult:
    """Greets somebody."""
    yield ExecutionResult(output_blocks=[TextContent(data="thinking")], is_log=True)
    where = "in a workspace" if agent_cwd else "nowhere"
    yield ExecutionResult(output_blocks=[TextContent(data=f"{greeting}, {name}, {where}, {current_stage}.")])
