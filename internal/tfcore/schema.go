package tfcore

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Blocks are the blocks of all objects and those inside them, by what they are: "provider",
// "resource toy_note", "data toy_notes timeouts", "action …", "list …".
func (c *Core) Blocks() map[string]*tfprotov6.SchemaBlock {
	blocks := map[string]*tfprotov6.SchemaBlock{"provider": c.Schemas.Provider.Block}
	for name, schema := range c.Schemas.ResourceSchemas {
		blocks["resource "+name] = schema.Block
	}
	for name, schema := range c.Schemas.DataSourceSchemas {
		blocks["data "+name] = schema.Block
	}
	for name, schema := range c.Schemas.ActionSchemas {
		blocks["action "+name] = schema.Schema.Block
	}
	for name, schema := range c.Schemas.ListResourceSchemas {
		blocks["list "+name] = schema.Block
	}
	for name, block := range maps.Clone(blocks) {
		for _, nested := range block.BlockTypes {
			blocks[name+" "+nested.TypeName] = nested.Block
		}
	}
	return blocks
}
