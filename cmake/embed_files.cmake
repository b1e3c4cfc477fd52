string(REPLACE "|" ";" files "${FILES}")
set(entries "")
set(count 0)
foreach(file ${files})
  file(READ ${SOURCE_DIR}/${file} hex HEX)
  file(SHA256 ${SOURCE_DIR}/${file} digest)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND arrays "constexpr unsigned char kFile${count}[] = {${bytes}0};\n")
  string(APPEND entries "    {\"${file}\", std::string_view(reinterpret_cast<const char*>(kFile${count}), sizeof(kFile${count}) - 1),\n     \"${digest}\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT}
"#include \"base/embedded.h\"\n\nnamespace calint::embedded {\nnamespace {\n${arrays}}  // namespace\n\n"
"std::span<const File> files() {\n  static const File all[] = {\n${entries}  };\n  return all;\n}\n\n}  // namespace calint::embedded\n")
