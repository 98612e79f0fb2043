from slm.teacher.llm.distill import main

main()
